package dev.graft.server.registry;

import java.nio.file.Path;

/**
 * Where the registry is kept.
 *
 * @param url as JDBC has it: {@code jdbc:postgresql://host/graft}
 * @param user of the database; empty where it asks for none
 * @param password of the user
 * @param follow seconds between looks at what other servers on it promoted, at least 1; 0: there
 *     are no others
 */
public record DatabaseOptions(String url, String user, String password, int follow) {

  /** Seconds until a promotion on one server holds on the others. */
  public static final int FOLLOW = 5;

  private static final String JDBC = "jdbc:";

  /** A database that other servers may be on, too, looked at every {@value #FOLLOW} seconds. */
  public DatabaseOptions(String url, String user, String password) {
    this(url, user, password, FOLLOW);
  }

  public DatabaseOptions {
    if (follow < 0) {
      throw new IllegalArgumentException(
          "%d seconds between looks at other servers' promotions; give 1 or more, or 0 for none"
              .formatted(follow));
    }
    if (!url.startsWith(JDBC)) {
      // The address may hold a password: it is not repeated.
      throw new IllegalArgumentException(
          "the address of a database begins with jdbc:, as in jdbc:postgresql://host/graft");
    }
  }

  /** A database inside the server, in files of a folder. */
  public static DatabaseOptions embedded(Path folder) {
    Path file = folder.toAbsolutePath().normalize().resolve("registry");
    // Every commit is on disk before it is told; the file is closed after each use.
    return new DatabaseOptions("jdbc:h2:file:" + file + ";WRITE_DELAY=0", "graft", "", 0);
  }

  /** Looked at so many seconds apart. */
  public DatabaseOptions withFollow(int seconds) {
    return new DatabaseOptions(url, user, password, seconds);
  }

  /** Without the password, and without what the address may say of one. */
  @Override
  public String toString() {
    return url.replaceAll("[?;].*", "").replaceAll("//[^@/]*@", "//");
  }
}
