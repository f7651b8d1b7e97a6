package dev.graft.distillation;

import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.Module;
import dev.graft.model.Group;
import dev.graft.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which modules of a student and a teacher are compared where nobody names any: the last module of
 * each group, at equal relative depth.
 *
 * <p>The head is left out, and the stem where there is enough behind it. Of networks with
 * convolutions only groups that hold one count. Where the numbers of groups differ, as many pairs
 * are made as the shorter network allows, at most four, the last of them at the end of both.
 *
 * @param student paths in the student
 * @param teacher paths in the teacher, as many
 */
record TapPairs(List<String> student, List<String> teacher) {

  private static final int MOST = 4;

  static TapPairs of(Looks looks, Model student, Model teacher) {
    if (looks == Looks.FEATURES) {
      return new TapPairs(Looks.HEAD_INPUT, Looks.HEAD_INPUT);
    }
    List<String> mine = stages(student);
    List<String> others = stages(teacher);
    if (mine.isEmpty() || others.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no module to listen to before the head; name some as student_taps and"
              + " teacher_taps");
    }
    int pairs = Math.min(MOST, Math.min(mine.size(), others.size()));
    TapPairs all = new TapPairs(spread(mine, pairs), spread(others, pairs));
    return switch (looks) {
      case LAST_MAP -> all.only(pairs - 1);
      case MIDDLE_MAP -> all.only(pairs / 2);
      default -> all;
    };
  }

  private TapPairs only(int position) {
    return new TapPairs(List.of(student.get(position)), List.of(teacher.get(position)));
  }

  private static List<String> spread(List<String> stages, int count) {
    List<String> result = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      result.add(stages.get(Math.round(i * stages.size() / (float) count) - 1));
    }
    return result;
  }

  private static List<String> stages(Model model) {
    List<String> maps = ends(model, m -> m instanceof Conv2d || m instanceof BatchNorm2d);
    List<String> stages = maps.isEmpty() ? ends(model, m -> !m.parameters().isEmpty()) : maps;
    return stages.size() < 3 ? stages : stages.subList(1, stages.size());
  }

  /** The last layer of each group before the head that holds a module of some kind. */
  private static List<String> ends(Model model, Predicate<Module> kind) {
    List<String> ends = new ArrayList<>();
    for (Group group : model.groups().subList(0, model.groups().size() - 1)) {
      String end = null;
      for (String path : group.modules()) {
        Module module = model.modules().get(path);
        if (module instanceof Layer && holds(module, kind)) {
          end = path;
        }
      }
      if (end != null) {
        ends.add(end);
      }
    }
    return ends;
  }

  private static boolean holds(Module module, Predicate<Module> kind) {
    boolean[] found = {false};
    module.walk("", (path, each) -> found[0] |= kind.test(each));
    return found[0];
  }
}
