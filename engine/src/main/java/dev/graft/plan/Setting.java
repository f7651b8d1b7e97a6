package dev.graft.plan;

import java.util.List;

/**
 * Describes one setting: its key, its default, what is allowed, what it does.
 *
 * @param key as written in plans and on the command line: lower case, underscores
 * @param initial the default; its Java type is the setting's type
 * @param min smallest number allowed; ignored for texts and flags
 * @param max largest number allowed; ignored for texts and flags
 * @param choices texts that are allowed; empty: any
 * @param help one line, with the unit where there is one
 */
public record Setting(
    String key, Object initial, double min, double max, List<String> choices, String help) {

  /** A number within bounds, both included. */
  public static Setting number(String key, double initial, double min, double max, String help) {
    return new Setting(key, initial, min, max, List.of(), help);
  }

  /** A whole number within bounds, both included. */
  public static Setting integer(String key, int initial, int min, int max, String help) {
    return new Setting(key, initial, min, max, List.of(), help);
  }

  /** A flag. */
  public static Setting flag(String key, boolean initial, String help) {
    return new Setting(key, initial, 0, 0, List.of(), help);
  }

  /** A text, one of {@code choices} where they are given. */
  public static Setting text(String key, String initial, List<String> choices, String help) {
    return new Setting(key, initial, 0, 0, List.copyOf(choices), help);
  }

  /** The value in this setting's type; texts as typed on a command line are parsed. */
  Object checked(String owner, Object given) {
    Object value = given instanceof String text ? parsed(owner, text) : given;
    if (initial instanceof String && given instanceof Number) {
      value = given.toString();
    }
    if (initial instanceof Number && value instanceof Number number) {
      double v = number.doubleValue();
      boolean whole = !(initial instanceof Integer) || v == Math.rint(v);
      if (v >= min && v <= max && whole) {
        return initial instanceof Integer ? (Object) (int) v : (Object) v;
      }
    } else if (initial instanceof Boolean && value instanceof Boolean) {
      return value;
    } else if (initial instanceof String
        && value instanceof String
        && (choices.isEmpty() || choices.contains(value))) {
      return value;
    }
    throw refused(owner, given);
  }

  private Object parsed(String owner, String text) {
    if (initial instanceof String) {
      return text;
    }
    if (initial instanceof Boolean) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw refused(owner, text);
      };
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw refused(owner, text);
    }
  }

  private IllegalArgumentException refused(String owner, Object given) {
    String allowed;
    if (initial instanceof Integer) {
      allowed = "a whole number from %s to %s".formatted((long) min, (long) max);
    } else if (initial instanceof Number) {
      allowed = "a number from %s to %s".formatted(min, max);
    } else if (initial instanceof Boolean) {
      allowed = "true or false";
    } else {
      allowed = choices.isEmpty() ? "a text" : "one of " + choices;
    }
    return new IllegalArgumentException(
        "setting '%s' of %s is '%s'; allowed: %s".formatted(key, owner, given, allowed));
  }
}
