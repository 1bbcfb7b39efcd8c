/* Shapes that several modules of the editor share: what the server puts on the page, and what our extensions add
   to Tiptap and ProseMirror. */
import type { Editor, JSONContent } from "@tiptap/core";
import type { Attribution } from "./suggestions/attribution.js";
import type { EditorPane } from "./editor_pane.js";
import type { People } from "./live/people.js";

/** Who writes, and on whose behalf: UUIDs. */
export interface Author {
  person: string;
  organisation: string;
}

export interface Rights {
  write: boolean;
  suggest: boolean;
  comment: boolean;
}

export interface Picture {
  id: string;
  name: string;
  url: string;
  alt: string;
  caption: string;
  credit: string;
}

/** One text of the page: documents/editor/views.py, `pane_of`. */
export interface TextConfig {
  document: string;
  epoch: number;
  language: string;
  label: string;
  me: Author;
  may: Rights;
  /** Whether edits that are not saved yet may stay on the device. */
  keeps: boolean;
  files: Picture[];
  /** Addresses of the lists of approved words and of facts. */
  approved: string;
  facts: string;
  /** Added by page.js: the address of the icons. */
  icons?: string;
}

export interface SuggestionSentences {
  whole: string;
  begins: string;
  ends: string;
}

/** What the script says: documents/editor/views/script_messages.py. */
export interface EditorWords {
  state: Record<string, string>;
  refused: Record<string, string>;
  people: PeopleWords;
  suggestion: Record<string, SuggestionSentences>;
  changes: ChangesWords;
  noSuggestion: string;
  placeholders: Record<string, string>;
  glossary: { avoid: string };
  approved: { label: string; done: string; failed: string };
  atoms: { footnote: string; source: string };
}

export interface PeopleWords {
  unknown: string;
  writes: string;
  reads: string;
  more: string;
}

export interface ChangesWords {
  everyone: string;
  accept: string;
  reject: string;
  takeBack: string;
  show: string;
  paragraph: string;
  format: string;
  blocks: Record<string, string>;
  attributes: Record<string, string>;
  accepted: string;
  rejected: string;
  allAccepted: string;
  allRejected: string;
  none: string;
}

/** The script of the page: `script_context`. */
export interface PageData {
  words: EditorWords;
  icons: string;
  people: string;
  glossary: string;
}

export interface Place {
  from: number;
  to: number;
}

/** A relative position of Yjs as JSON: its beginning and its end. */
export type StoredPosition = unknown[];

/** The panel beside the text (side_panel.js). */
export interface SidePanel {
  open(name: string): void;
  refresh(name: string): void;
  count(name: string, count: number | null): void;
  isSheet(): boolean;
  close(): void;
}

/** What a part of the page gets that joins the editor (ready_hooks.js). */
export interface EditorContext {
  text: { uuid: string; language: string };
  me: Author;
  may: Rights;
  people: People;
  root: HTMLElement;
  side: SidePanel;
  signal: AbortSignal;
  announce(words: string): void;
  positions: {
    relative(from: number, to: number): StoredPosition;
    absolute(json: unknown): Place | null;
  };
  tool(name: string, run: () => void): void;
}

/** What a dialog asks for and does (dialogs.js). */
export interface Question {
  read(editor: Editor): Record<string, string>;
  /** The name of the field that is wrong, or null. */
  check?(values: Record<string, string>): string | null;
  put(editor: Editor, values: Record<string, string>): unknown;
  remove?(editor: Editor): unknown;
  has(editor: Editor): boolean;
  chosen?(id: string): Picture | undefined;
  wire?(dialog: HTMLDialogElement): void;
  opened?(dialog: HTMLDialogElement): void;
}

export interface ResolveOptions {
  accept: boolean;
  /** Whether the suggestion of this id is meant. */
  match?: (id: string) => boolean;
}

export interface SuggestModeStorage {
  attribution: Attribution | null;
  /** The next deletion is by the Delete key. */
  forward: boolean;
  /** The newest transaction came from others, from undo, or means suggestions themselves. */
  given: boolean;
}

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    suggestMode: {
      suggest: (on: boolean) => ReturnType;
      resolveSuggestions: (options: ResolveOptions) => ReturnType;
      selectSuggestion: (id: string) => ReturnType;
    };
  }
  interface Storage {
    suggestMode: SuggestModeStorage;
  }
}

/* Not in their public types; the versions are pinned in package.json. */
declare module "prosemirror-state" {
  interface Selection {
    /** Of a NodeSelection alone. */
    node?: import("prosemirror-model").Node;
  }
}
declare module "prosemirror-transform" {
  interface ReplaceStep {
    structure: boolean;
  }
  interface ReplaceAroundStep {
    structure: boolean;
  }
}
declare module "prosemirror-view" {
  interface EditorView {
    domObserver: { flush(): void };
    focused: boolean;
  }
}
