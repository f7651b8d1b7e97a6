package dev.graft.report;

import dev.graft.internal.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a page carries inside itself beside the {@link ChartLibrary}: style and our script. */
final class PageScripts {

  private PageScripts() {}

  /** The style sheet. */
  static String style() {
    return text("report.css");
  }

  /** Draws the charts of the page. */
  static String script() {
    return text("report.js");
  }

  /** A script in the form that a content security policy names it by. */
  static String hash(String script) {
    byte[] digest = Digests.sha256().digest(script.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  private static String text(String resource) {
    return ChartLibrary.text(PageScripts.class, resource);
  }
}
