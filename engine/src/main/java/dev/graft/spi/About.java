package dev.graft.spi;

/**
 * Says what a plugin is.
 *
 * @param id unique among its kind: lower case, digits, dots, hyphens
 * @param summary one line
 * @param source the paper or specification it follows
 */
public record About(String id, String summary, String source) {

  public About {
    if (!id.matches("[a-z0-9][a-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "id '%s' is not allowed; use lower case, digits, dots, hyphens and underscores"
              .formatted(id));
    }
  }
}
