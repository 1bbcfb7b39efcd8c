/* What the browser's own types lack: the events of htmx and of our pages, and the reader of codes. */

interface HtmxDetail {
  target: HTMLElement;
  xhr: XMLHttpRequest;
  successful: boolean;
  serverResponse: string;
  shouldSwap: boolean;
  requestConfig?: { verb: string };
}

interface PageEvents {
  "htmx:beforeRequest": CustomEvent<HtmxDetail>;
  "htmx:afterRequest": CustomEvent<HtmxDetail>;
  "htmx:beforeSwap": CustomEvent<HtmxDetail>;
  "htmx:afterSettle": CustomEvent<HtmxDetail>;
  "htmx:sendError": CustomEvent<HtmxDetail>;
  "htmx:responseError": CustomEvent<HtmxDetail>;
  toast: CustomEvent<{ text: string; undo?: string }>;
  "thread-started": CustomEvent<{ thread: string; audience: string }>;
}

interface DocumentEventMap extends PageEvents {}
interface HTMLElementEventMap extends PageEvents {}

/** https://developer.mozilla.org/docs/Web/API/BarcodeDetector: in Chromium on some systems only. */
interface Window {
  BarcodeDetector?: {
    new (options: { formats: string[] }): {
      detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
    };
    getSupportedFormats?(): Promise<string[]>;
  };
}
