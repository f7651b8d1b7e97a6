package dev.graft.plan;

/**
 * Something chosen by id, with its settings: a term, an optimizer, a schedule, a surgery.
 *
 * @param id the id under which a plugin registered it
 * @param settings its settings; those left out have their defaults
 */
public record Choice(String id, Settings settings) {

  /** A choice with default settings. */
  public static Choice of(String id) {
    return new Choice(id, Settings.NONE);
  }

  /** With one setting changed or added. */
  public Choice with(String key, Object value) {
    return new Choice(id, settings.with(key, value));
  }
}
