package dev.graft.alignment;

import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import dev.graft.spi.TermMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * A method that adds examples without labels and a term on both domains. Both go through the
 * network in one pass: normalised apart in training, they would be together in evaluation.
 */
abstract class Alignment extends TermMethod {

  /** Name of the data set without labels. */
  static final String UNLABELLED = "unlabelled";

  /** What a method looks at. */
  enum Looks {
    /** What enters the head; a task of any kind. */
    FEATURES,
    /** What comes out of the head: predictions of classes. */
    PREDICTIONS,
    /** Both. */
    BOTH
  }

  private final Looks looks;

  Alignment(About about, List<Setting> settings, Looks looks) {
    super(about, settings);
    this.looks = looks;
  }

  @Override
  protected String objection(Phase phase, Plan plan, Subject subject) {
    if (!subject.data().contains(UNLABELLED)) {
      return "the run has no data set 'unlabelled'; name its folder (--unlabelled DIR)";
    }
    if (looks != Looks.FEATURES && !subject.task().classifies()) {
      return "the task does not choose a class for each example";
    }
    boolean moves = looks == Looks.PREDICTIONS || movesFeatures(phase, plan, subject);
    return moves ? "" : "what enters the head never changes";
  }

  /** The views of each example without labels, given those of the labelled ones. */
  List<String> views(Stream labelled, Settings all, Subject subject) {
    return List.of(labelled.augmentation());
  }

  @Override
  protected Phase edit(Phase phase, Settings all, Subject subject) {
    return streams(phase, all, subject).withRegime(phase.regime().withJoint(true));
  }

  private Phase streams(Phase phase, Settings all, Subject subject) {
    Stream labelled = phase.streams().get(0);
    List<String> views = views(labelled, all, subject);
    List<Stream> streams = new ArrayList<>(phase.streams());
    for (int i = 1; i < streams.size(); i++) {
      Stream stream = streams.get(i);
      if (stream.data().equals(UNLABELLED)) {
        streams.set(i, stream.views().size() < views.size() ? stream.withViews(views) : stream);
        return phase.withStreams(streams);
      }
    }
    return phase.plusStream(new Stream(UNLABELLED, labelled.batchSize(), views, Stream.SHUFFLE));
  }
}
