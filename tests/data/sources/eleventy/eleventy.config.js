export default function (config) {
  config.addPassthroughCopy("public");
}
export const config = { dir: { input: "src", output: "_site" } };
