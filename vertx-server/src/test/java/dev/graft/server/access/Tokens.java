package dev.graft.server.access;

import dev.graft.internal.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Files of tokens. */
public final class Tokens {

  private Tokens() {}

  /** A line of such a file. */
  public static String line(String role, String token) {
    byte[] digest = Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8));
    return role + " " + HexFormat.of().formatHex(digest) + "\n";
  }

  /** One with a token for each role: {@code reader}, {@code trainer} and {@code keeper}. */
  public static Path write(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("tokens"),
        "# who may do what\n\n"
            + line("infer", "reader")
            + line("train", "trainer")
            + line("manage", "keeper"));
  }
}
