// @ts-check
/* Reads QR codes with the phone's camera. Where the browser reads none itself, a library does, which is fetched
   only now. No picture leaves the phone, and none is stored. */
import { find } from "../dom.js";

const EVERY = 180; // ms between looks
const SAME = 4000; // ms for which the same code is not read again
const WIDE = 640;

export class Camera {
  /**
   * @param {{ part: HTMLElement, scanner: string, found: (code: string) => void }} given `scanner`: the address of
   *   the library (qr_reader.js)
   */
  constructor({ part, scanner, found }) {
    this.part = part;
    this.scanner = scanner;
    this.found = found;
    this.video = find(part, "video", HTMLVideoElement);
    /** @type {MediaStream | undefined} */
    this.stream = undefined;
    /** @type {((video: HTMLVideoElement) => Promise<string>) | undefined} */
    this.read = undefined;
    this.last = { code: "", at: 0 };
  }

  get isOn() {
    return Boolean(this.stream);
  }

  /** Raises what the browser raises where the camera may not be used. */
  async start() {
    this.read ??= await this.reader();
    this.stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 } },
    });
    this.video.srcObject = this.stream;
    this.part.hidden = false;
    await this.video.play();
    this.look(this.read);
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.video.srcObject = null;
    this.part.hidden = true;
  }

  /** @type {(read: (video: HTMLVideoElement) => Promise<string>) => Promise<void>} */
  async look(read) {
    while (this.stream) {
      const code = await read(this.video).catch(() => "");
      const isNew = code !== this.last.code || Date.now() - this.last.at > SAME;
      if (code && isNew && this.stream) this.found(code);
      if (code) this.last = { code, at: Date.now() };
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  /** @returns {Promise<(video: HTMLVideoElement) => Promise<string>>} */
  async reader() {
    const { BarcodeDetector } = window;
    const formats = (await BarcodeDetector?.getSupportedFormats?.()) ?? [];
    if (BarcodeDetector && formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
    }
    const { read } = await import(this.scanner);
    const canvas = document.createElement("canvas");
    return async (video) => read(pictureOf(video, canvas));
  }
}

/** @type {(video: HTMLVideoElement, canvas: HTMLCanvasElement) => ImageData} */
function pictureOf(video, canvas) {
  const scale = Math.min(1, WIDE / (video.videoWidth || WIDE));
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("the browser draws no more canvases");
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
