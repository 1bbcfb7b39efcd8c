/** Reading the square picture with the phone's camera. Where the browser reads none itself, a library that is
    fetched only now does. No picture leaves the phone, and none is kept. */
const EVERY = 180; // ms between looks
const SAME = 4000; // ms for which the same code is not read again
const WIDE = 640;

export class Camera {
  constructor({ part, scanner, found }) {
    Object.assign(this, { part, scanner, found, video: part.querySelector("video") });
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
    this.look();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.video.srcObject = null;
    this.part.hidden = true;
  }

  async look() {
    while (this.stream) {
      const code = await this.read(this.video).catch(() => "");
      const isNew = code !== this.last.code || Date.now() - this.last.at > SAME;
      if (code && isNew && this.stream) this.found(code);
      if (code) this.last = { code, at: Date.now() };
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  async reader() {
    const formats = (await window.BarcodeDetector?.getSupportedFormats?.()) ?? [];
    if (formats.includes("qr_code")) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
    }
    const { read } = await import(this.scanner);
    const canvas = document.createElement("canvas");
    return async (video) => read(pictureOf(video, canvas));
  }
}

function pictureOf(video, canvas) {
  const scale = Math.min(1, WIDE / (video.videoWidth || WIDE));
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
