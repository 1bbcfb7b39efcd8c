// @ts-check
/* The library that reads QR codes, by itself: loaded when a camera is started, never before. */
import decodeQR from "qr/decode.js";

/** The words in the picture (ImageData); "" if there are none.
    @type {(picture: ImageData) => string} */
export function read(picture) {
  try {
    return decodeQR(picture);
  } catch {
    return "";
  }
}
