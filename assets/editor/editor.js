// @ts-check
/* Entry point of the page of a text. Everything but writing works without this script. Other parts
   register with an import. */
import { find } from "../js/dom.js";
import "./comments.js";
import "./checklist_links.js";
import { Page } from "./page.js";

new Page(find(document, "#main")).start();
