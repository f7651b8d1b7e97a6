package dev.graft.distillation;

import dev.graft.spi.Companion;
import dev.graft.spi.Run;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What a loss may know before the first batch.
 *
 * @param run the run it belongs to
 * @param view the teacher at work in the phase
 * @param looks what is compared
 * @param teacherPaths taps of the teacher
 * @param student shape of each tap of the student for one example, (1, C, H, W) or (1, D)
 * @param teacher the same of the teacher
 */
public record Setup(
    Run run,
    Companion.View view,
    Looks looks,
    List<String> teacherPaths,
    List<long[]> student,
    List<long[]> teacher) {

  public Setup {
    teacherPaths = List.copyOf(teacherPaths);
    student = List.copyOf(student);
    teacher = List.copyOf(teacher);
  }

  /** Taps of the teacher in the order of the settings, in the form that losses read. */
  public List<Tensor> teacherTaps(Companion.Seen seen) {
    return teacherPaths.stream().map(path -> looks.form(seen.taps().get(path))).toList();
  }

  /** Channels or features of a tap of the student. */
  public long studentChannels(int tap) {
    return student.get(tap)[1];
  }

  /** Channels or features of a tap of the teacher. */
  public long teacherChannels(int tap) {
    return teacher.get(tap)[1];
  }

  /**
   * Refuses taps whose numbers of channels differ, for a method that cannot bridge that.
   *
   * @param method its id
   */
  public void requireEqualChannels(String method) {
    for (int i = 0; i < student.size(); i++) {
      if (studentChannels(i) != teacherChannels(i)) {
        throw new IllegalArgumentException(
            ("method '%s' compares channel with channel, but tap %d is %s in the student and %s in"
                    + " the teacher; name taps with equal channels as student_taps and"
                    + " teacher_taps, or take a method with a regressor, such as fitnet")
                .formatted(
                    method,
                    i + 1,
                    Arrays.toString(student.get(i)),
                    Arrays.toString(teacher.get(i))));
      }
    }
  }
}
