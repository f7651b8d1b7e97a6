package dev.graft.server.registry;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.opentest4j.TestAbortedException;

/**
 * A real PostgreSQL on a free port, with its files in a folder of its own. Where the programs are
 * missing the test is aborted with a message, and fails where the environment says {@code CI=true}.
 */
public final class PostgresServer implements AutoCloseable {

  private static final String USER = "graft";
  private static final String PASSWORD = "open sesame";
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path folder;
  private final int port;

  private PostgresServer(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** Starts one, with an empty database. */
  public static PostgresServer start() throws IOException, InterruptedException {
    Path programs = programs();
    Path folder = Files.createTempDirectory("graft-postgres");
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (isRoot()) {
      // It refuses to run as root.
      run(List.of("chown", "-R", "postgres", folder.toString()));
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    PostgresServer server = new PostgresServer(programs, folder, port);
    server.program(
        "initdb",
        "--pgdata=" + server.data(),
        "--username=" + USER,
        "--auth=scram-sha-256",
        "--pwfile=" + password,
        "--encoding=UTF8",
        "--no-sync");
    server.program(
        "pg_ctl",
        "start",
        "--wait",
        "--pgdata=" + server.data(),
        "--log=" + folder.resolve("log"),
        "--options=-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1");
    return server;
  }

  /** Its database. */
  public DatabaseOptions options() {
    return new DatabaseOptions("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, PASSWORD);
  }

  private Path data() {
    return folder.resolve("data");
  }

  private static Path programs() throws IOException {
    List<Path> places = new ArrayList<>();
    if (Files.isDirectory(DEBIAN)) {
      try (Stream<Path> versions = Files.list(DEBIAN)) {
        versions.sorted().forEach(version -> places.add(version.resolve("bin")));
      }
    }
    for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      places.add(Path.of(place));
    }
    for (Path place : places) {
      if (Files.isExecutable(place.resolve("initdb"))) {
        return place;
      }
    }
    String message = "PostgreSQL is absent: install it (Debian: postgresql) to run this test";
    if ("true".equalsIgnoreCase(System.getenv("CI"))) {
      Assertions.fail(message + " (CI=true forbids skipping it)");
    }
    throw new TestAbortedException(message);
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private void program(String name, String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    words.add(programs.resolve(name).toString());
    words.addAll(List.of(arguments));
    run(words);
  }

  private static void run(List<String> words) throws IOException, InterruptedException {
    Path said = Files.createTempFile("graft-postgres", ".log");
    try {
      // Into a file: the server keeps what it is started with open.
      Process process =
          new ProcessBuilder(words)
              .directory(new File("/"))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      Assertions.assertEquals(0, process.waitFor(), () -> words + ": " + text(said));
    } finally {
      Files.delete(said);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    program("pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata=" + data());
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
