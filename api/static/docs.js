// Starts Swagger UI on the server's own OpenAPI document, dark where the reader prefers that.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
});
