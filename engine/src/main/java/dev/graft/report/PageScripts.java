package dev.graft.report;

import dev.graft.internal.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;

/**
 * What a page carries inside itself: style, our script, and the chart library (Chart.js, MIT
 * licence, whose notice stands at its top), which is read from its artefact on the class path.
 */
final class PageScripts {

  private static final String POM = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private static final String LIBRARY = "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.js";

  private PageScripts() {}

  /** The style sheet. */
  static String style() {
    return text("report.css");
  }

  /** Draws the charts of the page. */
  static String script() {
    return text("report.js");
  }

  /** The chart library. */
  static String library() {
    Properties properties = new Properties();
    try (InputStream in = open(POM)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The map of the sources is a second file, which a page that stands alone does not have.
    return text(LIBRARY.formatted(properties.getProperty("version")))
        .replaceAll("(?m)^//# sourceMappingURL=.*$", "");
  }

  /** A script in the form that a content security policy names it by. */
  static String hash(String script) {
    byte[] digest = Digests.sha256().digest(script.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  private static String text(String resource) {
    try (InputStream in = open(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = PageScripts.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(
          "'%s' is not on the class path; a report needs org.webjars.npm:chart.js beside the engine"
              .formatted(resource));
    }
    return in;
  }
}
