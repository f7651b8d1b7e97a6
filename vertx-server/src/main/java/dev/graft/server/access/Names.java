package dev.graft.server.access;

import java.util.regex.Pattern;

/** Names that clients give: of models, bases, data sets and jobs. None of them is a path. */
public final class Names {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private Names() {}

  /** True if a name keeps the rules. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * The name, if it keeps the rules.
   *
   * @param what is named, for the message: {@code model}
   * @throws Refusal if it does not
   */
  public static String checked(String what, String name) {
    if (!isName(name)) {
      throw Refusal.invalid(
          "the name of a %s has letters, digits, '.', '_' and '-', begins with a letter or digit"
              + " and has at most 100 of them",
          what);
    }
    return name;
  }
}
