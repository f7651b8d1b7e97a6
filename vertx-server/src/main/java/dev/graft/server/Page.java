package dev.graft.server;

import dev.graft.report.ChartLibrary;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;

/**
 * The web page, under {@code /page/}: files that everybody may read. What it shows it asks of the
 * other calls, with the token that its reader types.
 */
final class Page {

  private static final String ROOT = "/page/";
  private static final String FILES = "dev/graft/server/page";

  /** Scripts and styles come from here alone; charts set styles of their elements. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
          + " blob: data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action"
          + " 'none'; frame-ancestors 'none'";

  /** A report runs its own scripts, cut off from the page and from the server. */
  private static final String REPORT_POLICY =
      "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src"
          + " 'unsafe-inline'; img-src data:";

  private Page() {}

  /** True of what belongs to the page, by its normalized path; others may link to that. */
  static boolean has(String path) {
    return path.equals("/") || path.startsWith(ROOT);
  }

  /** Adds the page to a router. */
  static void on(Router router) {
    router
        .get(ROOT + "report.html")
        .handler(
            context -> {
              context.response().putHeader("content-security-policy", REPORT_POLICY);
              context.next();
            });
    router
        .get(ROOT + "*")
        .handler(
            context -> {
              if (!context.response().headers().contains("content-security-policy")) {
                context.response().putHeader("content-security-policy", POLICY);
              }
              context.response().putHeader("x-content-type-options", "nosniff");
              context.next();
            });
    String charts = ChartLibrary.script();
    router
        .get(ROOT + "chart.js")
        .handler(
            context -> context.response().putHeader("content-type", "text/javascript").end(charts));
    router.get(ROOT + "*").handler(StaticHandler.create(FILES));
    router.get("/").handler(context -> context.redirect(ROOT));
  }
}
