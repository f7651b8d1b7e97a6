package dev.graft;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.model.Model;
import dev.graft.report.TestOutcome.Sample;
import dev.graft.spi.Generator;
import dev.graft.train.TrainJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lets a trained model go on with the first examples of the test part, for the report. */
final class Sampling {

  /** Examples that are shown. */
  private static final int SHOWN = 5;

  private Sampling() {}

  /** What it makes of them; nothing where no generator knows the model. */
  static List<Sample> of(TrainJob job, Model model, int[] rows) throws IOException {
    List<Sample> samples = new ArrayList<>();
    Dataset test = job.data().test();
    model.network().setTrainingAll(false);
    for (Generator generator : job.registry().all(Generator.class)) {
      if (generator.knows(model, job.preprocessing())) {
        // They were predicted in the order of their length.
        for (int row : Arrays.stream(rows).sorted().limit(SHOWN).toArray()) {
          sample(job, model, generator, test.load(row)).ifPresent(samples::add);
        }
        return samples;
      }
    }
    return samples;
  }

  private static Optional<Sample> sample(
      TrainJob job, Model model, Generator generator, Example raw) {
    return generator
        .exercise(raw)
        .map(
            exercise ->
                new Sample(
                    raw.id(),
                    exercise.prompt(),
                    said(job, model, generator, exercise.prompt()),
                    exercise.truth()));
  }

  /** A prompt that is too long for the model, which training cuts, is said to be. */
  private static String said(TrainJob job, Model model, Generator generator, String prompt) {
    try {
      return generator.sample(new Generator.Request(model, job.preprocessing(), prompt));
    } catch (IllegalArgumentException e) {
      return "(" + e.getMessage() + ")";
    }
  }
}
