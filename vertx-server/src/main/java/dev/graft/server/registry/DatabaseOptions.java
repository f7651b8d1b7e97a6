package dev.graft.server.registry;

import java.nio.file.Path;

/**
 * Where the registry is kept.
 *
 * @param url as JDBC has it: {@code jdbc:postgresql://host/graft}
 * @param user of the database; empty where it asks for none
 * @param password of the user
 */
public record DatabaseOptions(String url, String user, String password) {

  private static final String JDBC = "jdbc:";

  public DatabaseOptions {
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
    return new DatabaseOptions("jdbc:h2:file:" + file + ";WRITE_DELAY=0", "graft", "");
  }

  /** Without the password, and without what the address may say of one. */
  @Override
  public String toString() {
    return url.replaceAll("[?;].*", "").replaceAll("//[^@/]*@", "//");
  }
}
