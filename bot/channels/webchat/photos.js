// Files on their way out: photos over 2 MB are made smaller, everything becomes base64.

const LARGE = 2_000_000;
const EDGE = 2400; // pixels: a paper photographed at this size is read without effort

export class TooLarge extends Error {}

/** `{name, mime, data, blob}`; throws TooLarge. */
export async function prepare(file, limit) {
  let blob = file, name = file.name || "anh.jpg";
  if (file.size > LARGE && /^image\/(jpeg|png|webp)$/.test(file.type)) {
    const smaller = await shrink(file).catch(() => null);
    if (smaller && smaller.size < file.size) {
      blob = smaller;
      name = name.replace(/\.\w+$/, "") + ".jpg";
    }
  }
  if (blob.size > limit) throw new TooLarge(name);
  return { name, mime: blob.type || "application/octet-stream", data: await base64(blob), blob };
}

async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

function base64(blob) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(blob);
  });
}
