package dev.graft.alignment;

import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.spi.About;
import dev.graft.spi.Step;
import dev.graft.spi.Subject;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A method that compares what a weak and a strong change make of the same example. */
abstract class TwoViews extends Alignment {

  private static final String STRONG = "strong";

  TwoViews(About about, List<Setting> settings) {
    super(about, withStrong(settings), Looks.PREDICTIONS);
  }

  private static List<Setting> withStrong(List<Setting> settings) {
    List<Setting> all = new ArrayList<>(settings);
    all.add(
        Setting.text(
            STRONG,
            Setting.AUTO,
            List.of(),
            "random path of the strong view; auto: the strongest that suits the data"));
    return all;
  }

  @Override
  protected final Settings termSettings(Settings all) {
    Map<String, Object> own = new TreeMap<>(super.termSettings(all).values());
    own.remove(STRONG);
    return new Settings(own);
  }

  @Override
  protected final String objection(Phase phase, Plan plan, Subject subject) {
    String usual = super.objection(phase, plan, subject);
    boolean fixed = subject.strongAugmentation().equals(Stream.NONE);
    return usual.isEmpty() && fixed
        ? "data of this kind have no random path, so two views are the same"
        : usual;
  }

  @Override
  final List<String> views(Stream labelled, Settings all, Subject subject) {
    String asked = all.text(STRONG);
    String strong = asked.equals(Setting.AUTO) ? subject.strongAugmentation() : asked;
    String usual = labelled.augmentation();
    return List.of(usual.equals(Stream.NONE) ? subject.augmentation() : usual, strong);
  }

  /** Logits of a batch whose rows are the weak views and then the strong ones. */
  record Logits(Tensor weak, Tensor strong) {

    static Logits of(Step.Part part) {
      Tensor all = part.outputs().get("logits");
      long half = all.size(0) / 2;
      return new Logits(all.narrow(0, 0, half), all.narrow(0, half, half));
    }
  }
}
