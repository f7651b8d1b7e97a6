package dev.graft.weights.hub;

import dev.graft.internal.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * The digest by which a hub names a content: SHA-256 of the bytes for large files, and for the
 * others what git names them by, SHA-1 of a short header and the bytes.
 */
final class HubDigest {

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private static final int GIT_LENGTH = 40;

  private HubDigest() {}

  /** True if an entity tag is a digest; the quotes must be off. */
  static boolean isDigest(String tag) {
    return FORM.matcher(tag).matches();
  }

  /** The digest of a file in the form that {@code like} has. */
  static String of(Path file, String like) throws IOException {
    MessageDigest digest = like.length() == GIT_LENGTH ? git(Files.size(file)) : Digests.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[1 << 16];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
    }
    return Digests.hex(digest.digest());
  }

  private static MessageDigest git(long size) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
