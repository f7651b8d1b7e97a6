package dev.graft.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.opentest4j.TestAbortedException;

/**
 * Folders that lie beside the repository: real data sets, real weights, reference values.
 *
 * <p>A test that needs one is aborted, with a message, where the folder is absent, and fails where
 * the environment says {@code CI=true}: a machine that is meant to check everything must not skip
 * in silence. The folders are named by the system properties {@code graft.shared} and {@code
 * graft.golden}; a relative value is resolved against {@code graft.root}.
 */
public final class SharedFolder {

  private SharedFolder() {}

  /**
   * The file or folder {@code relative} below the shared folder.
   *
   * @throws TestAbortedException if it is absent (an assertion failure if {@code CI=true})
   */
  public static Path require(String relative) {
    return require(shared().resolve(relative), "graft.shared");
  }

  /**
   * The file or folder {@code relative} below the folder of reference values.
   *
   * @throws TestAbortedException if it is absent (an assertion failure if {@code CI=true})
   */
  public static Path requireGolden(String relative) {
    return require(golden().resolve(relative), "graft.golden");
  }

  /** The shared folder, which may not exist. */
  public static Path shared() {
    return resolve(System.getProperty("graft.shared", "../shared"));
  }

  /** The folder of reference values, which may not exist. */
  public static Path golden() {
    String given = System.getProperty("graft.golden");
    return given == null ? shared().resolve("golden") : resolve(given);
  }

  /** The root of the source tree, or the working folder where nobody says. */
  public static Path root() {
    return Path.of(System.getProperty("graft.root", "")).toAbsolutePath().normalize();
  }

  private static Path resolve(String given) {
    return root().resolve(given).normalize();
  }

  private static Path require(Path path, String property) {
    if (!Files.exists(path)) {
      absent(
          "%s is absent: set -D%s=FOLDER to run this test".formatted(path, property),
          "true".equalsIgnoreCase(System.getenv("CI")));
    }
    return path;
  }

  static void absent(String message, boolean ci) {
    if (ci) {
      Assertions.fail(message + " (CI=true forbids skipping it)");
    }
    throw new TestAbortedException(message);
  }
}
