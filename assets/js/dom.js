// @ts-check
/* Looking for elements of a page whose markup is known, with their types. */

/**
 * The element that must be there; throws where it is not, or is of another kind.
 * @template {Element} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {abstract new (...given: any[]) => E} [kind] any: what the constructor takes does not matter
 * @returns {E}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!found || (kind && !(found instanceof kind))) throw new Error(`the page has no ${selector}`);
  return /** @type {E} */ (found);
}

/**
 * The element, or null where the page has none.
 * @template {Element} [E=HTMLElement]
 * @param {ParentNode | null | undefined} root
 * @param {string} selector
 * @param {abstract new (...given: any[]) => E} [_kind] for its type alone
 * @returns {E | null}
 */
export const findOptional = (root, selector, _kind) => root?.querySelector(selector) ?? null;

/**
 * All of them; not live.
 * @template {Element} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {abstract new (...given: any[]) => E} [_kind] for its type alone
 * @returns {E[]}
 */
export const findAll = (root, selector, _kind) => [
  .../** @type {NodeListOf<E>} */ (root.querySelectorAll(selector)),
];

/**
 * The nearest element around what an event is about, itself included.
 * @param {Event | { target: EventTarget | null }} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export const closest = ({ target }, selector) =>
  target instanceof Element ? target.closest(selector) : null;

/**
 * The first element of a `<template>`, copied.
 * @param {HTMLTemplateElement} template
 * @returns {HTMLElement}
 */
export function copyOf({ content }) {
  if (!content.firstElementChild) throw new Error("the template is empty");
  return /** @type {HTMLElement} */ (content.firstElementChild.cloneNode(true));
}

/**
 * What a `<script type="application/json">` holds. Its shape is the server's promise: name it where it is read.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {any} any: JSON
 */
export const jsonIn = (root, selector) => JSON.parse(find(root, selector).textContent ?? "");

/** The token that forms send against forged requests, as htmx sends it. */
export const csrfToken = () =>
  JSON.parse(document.body.getAttribute("data-hx-headers") ?? "{}")["X-CSRFToken"];
