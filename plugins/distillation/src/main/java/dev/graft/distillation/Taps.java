package dev.graft.distillation;

import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.spi.BoundTerm.Needs;
import java.util.Arrays;
import java.util.List;

/** Lists of taps as settings write them: paths with a + between them. */
final class Taps {

  private Taps() {}

  static List<String> split(String text) {
    return Arrays.stream(text.split("\\+")).map(String::strip).filter(p -> !p.isEmpty()).toList();
  }

  static String join(List<String> paths) {
    return String.join("+", paths);
  }

  /** Refuses a path that leads nowhere; the message lists what exists. */
  static void check(List<String> paths, Model model) {
    for (String path : paths) {
      if (!path.equals(Needs.FEATURES)) {
        var unused = Modules.child(model.network(), path);
      }
    }
  }
}
