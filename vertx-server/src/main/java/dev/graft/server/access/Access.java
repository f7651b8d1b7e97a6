package dev.graft.server.access;

import dev.graft.internal.Digests;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Who may do what. Tokens are kept as SHA-256 digests, in a file with one line per token: the role
 * and the digest in hexadecimal, {@code infer 9f86d08…}. Empty lines and lines with # are skipped.
 */
public final class Access {

  private static final String SCHEME = "bearer ";

  private record Holder(Role role, byte[] digest) {}

  private volatile List<Holder> holders;
  private final boolean open;
  private final BooleanSupplier closing;

  private Access(List<Holder> holders, boolean open, BooleanSupplier closing) {
    this.holders = holders;
    this.open = open;
    this.closing = closing;
  }

  /** The same until a server is about to end, which lets nobody in. */
  public Access until(BooleanSupplier value) {
    return new Access(holders, open, value);
  }

  /** Everybody may do everything. */
  public static Access open() {
    return new Access(List.of(), true, () -> false);
  }

  /**
   * The holders of the tokens of a file.
   *
   * @throws IOException if it cannot be read, or a line is neither empty nor a role and a digest
   */
  public static Access read(Path file) throws IOException {
    return new Access(holders(file), false, () -> false);
  }

  /**
   * Takes the tokens of a file in place of those it has.
   *
   * @return this
   * @throws IOException as {@link #read} does; then nothing changes
   */
  public Access reload(Path file) throws IOException {
    holders = holders(file);
    return this;
  }

  private static List<Holder> holders(Path file) throws IOException {
    List<Holder> holders = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.strip().split("\\s+");
      try {
        byte[] digest = HexFormat.of().parseHex(parts[1]);
        if (digest.length != Digests.sha256().getDigestLength()) {
          throw new IllegalArgumentException("a digest of %d bytes".formatted(digest.length));
        }
        holders.add(new Holder(Role.valueOf(parts[0].toUpperCase(Locale.ROOT)), digest));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        // The line may hold a token in clear by mistake: it is not repeated.
        throw new IOException(
            "%s, line %d: write a role (infer, train or manage) and the SHA-256 of its token in hexadecimal"
                .formatted(file, number),
            e);
      }
    }
    if (holders.isEmpty()) {
      throw new IOException("%s holds no token; nobody could do anything".formatted(file));
    }
    return List.copyOf(holders);
  }

  /**
   * Lets a request pass; fails with a {@link Refusal} where it may not.
   *
   * @param authorization the header of that name, or null
   */
  public Future<Void> admit(String authorization, Role needed) {
    try {
      check(authorization, needed);
      return Future.succeededFuture();
    } catch (Refusal e) {
      return Future.failedFuture(e);
    }
  }

  /** Every token is compared, each in constant time. */
  void check(String authorization, Role needed) {
    if (closing.getAsBoolean()) {
      throw Refusal.unavailable("the server is about to end; try again later");
    }
    if (open) {
      return;
    }
    if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw Refusal.unauthenticated("send a token: authorization: Bearer TOKEN");
    }
    String token = authorization.substring(SCHEME.length()).strip();
    byte[] digest = Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8));
    Role found = null;
    for (Holder holder : holders) {
      if (MessageDigest.isEqual(holder.digest, digest)
          && (found == null || holder.role.allows(found))) {
        found = holder.role;
      }
    }
    if (found == null) {
      throw Refusal.unauthenticated("the token is not known");
    }
    if (!found.allows(needed)) {
      throw Refusal.forbidden(
          "the token is for %s, this needs %s",
          found.name().toLowerCase(Locale.ROOT), needed.name().toLowerCase(Locale.ROOT));
    }
  }
}
