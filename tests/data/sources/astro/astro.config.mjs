import { defineConfig } from "astro/config";
export default defineConfig({
  site: "https://orbit.example",
  base: "/en",
});
