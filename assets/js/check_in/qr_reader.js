/** The library that reads square pictures, by itself: loaded when a camera is started, never before. */
import decodeQR from "qr/decode.js";

/** The words in the picture (ImageData); "" if there are none. */
export function read(picture) {
  try {
    return decodeQR(picture);
  } catch {
    return "";
  }
}
