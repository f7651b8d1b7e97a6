package dev.graft.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * The library that draws charts on pages: Chart.js, MIT licence, whose notice stands at its top. It
 * is read from its artefact on the class path.
 */
public final class ChartLibrary {

  private static final String POM = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private static final String LIBRARY = "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.js";

  private ChartLibrary() {}

  /** The whole script. */
  public static String script() {
    Properties properties = new Properties();
    try (InputStream in = open(ChartLibrary.class, POM)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The map of the sources is a second file, which a page that stands alone does not have.
    return text(ChartLibrary.class, LIBRARY.formatted(properties.getProperty("version")))
        .replaceAll("(?m)^//# sourceMappingURL=.*$", "");
  }

  /** A file on the class path, beside a class. */
  static String text(Class<?> beside, String resource) {
    try (InputStream in = open(beside, resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(Class<?> beside, String resource) {
    InputStream in = beside.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(
          "'%s' is not on the class path; pages need org.webjars.npm:chart.js beside the engine"
              .formatted(resource));
    }
    return in;
  }
}
