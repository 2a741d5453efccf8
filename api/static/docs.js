// Starts Swagger UI on the server's own OpenAPI document.
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
