package dev.graft.report;

import dev.graft.internal.Json;
import java.nio.charset.StandardCharsets;

/**
 * Renders a {@link Report} as one HTML page that stands alone: style, scripts, data and pictures
 * are inside it, and its content security policy forbids every request and every script but ours.
 */
public final class ReportPage {

  private ReportPage() {}

  /** The page. */
  public static String render(Report report) {
    String library = ChartLibrary.script();
    String script = PageScripts.script();
    Course course = new Course(report);
    return head(report, library, script)
        + "<body>\n<main>\n"
        + new Headline(report).html()
        + course.html()
        + report.test().map(test -> new Outcomes(test).html()).orElse("")
        + new TaskSections(report).html()
        + new Setup(report).html()
        + "</main>\n<script type=\"application/json\" id=\"page-data\">"
        + data(course)
        + "</script>\n<script>"
        + library
        + "</script>\n<script>"
        + script
        + "</script>\n</body>\n</html>\n";
  }

  private static String head(Report report, String library, String script) {
    String policy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src %s %s"
            .formatted(PageScripts.hash(library), PageScripts.hash(script));
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\""
        + policy
        + "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + Html.format("<title>%s → %s</title>\n", report.base().name(), report.names().data())
        + "<style>\n"
        + PageScripts.style()
        + "</style>\n</head>\n";
  }

  /** JSON in which nothing can end the element it stands in. */
  private static String data(Course course) {
    return new String(Json.writeCompact(course.data()), StandardCharsets.UTF_8)
        .replace("<", "\\u003c");
  }
}
