package dev.graft.weights.hub;

import java.util.regex.Pattern;

/**
 * Name of a model repository on a hub: {@code organisation/name}, or a bare name.
 *
 * @param text letters, digits, {@code -}, {@code _} and {@code .}, with at most one slash
 */
public record RepoId(String text) {

  private static final Pattern FORM =
      Pattern.compile("(?:[A-Za-z0-9][\\w.-]{0,95}/)?[A-Za-z0-9_][\\w.-]{0,95}");

  public RepoId {
    if (!FORM.matcher(text).matches() || text.contains("..") || text.contains("--")) {
      throw new IllegalArgumentException(
          "'%s' is no repository name; give organisation/name, for example google/vit-base"
              .formatted(text));
    }
  }

  /** The repository's folder in the cache. */
  String folderName() {
    return "models--" + text.replace("/", "--");
  }

  @Override
  public String toString() {
    return text;
  }
}
