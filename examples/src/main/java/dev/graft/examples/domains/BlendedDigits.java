package dev.graft.examples.domains;

import dev.graft.DataFolder;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.data.DataParts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains on labelled digits, adapts to digits in front of flowers that have no labels, and prints
 * the accuracy on both for several methods. What selects is the validation part of the labelled
 * digits; the labels of the others are read once, for the figure.
 *
 * <p>Arguments: the base, the folder of digits, the folder of photographs, an empty folder to work
 * in, and methods to add to fine-tuning, separated by spaces.
 */
public final class BlendedDigits {

  private static final List<String> METHODS = List.of("dann", "coral", "mcc");

  private final Graft graft;
  private final Path base;
  private final Path digits;
  private final Path work;

  BlendedDigits(Graft graft, Path base, Path digits, Path work) {
    this.graft = graft;
    this.base = base;
    this.digits = digits;
    this.work = work;
  }

  /**
   * How much of everything.
   *
   * @param perClass labelled digits per class, validation included
   * @param unlabelled digits in front of flowers to adapt to
   * @param epochs passes over the labelled digits
   * @param learningRate of the head; the backbone's is a tenth
   */
  record Size(int perClass, int unlabelled, int epochs, double learningRate) {}

  /**
   * What came of one method.
   *
   * @param labelled accuracy on the validation part of the labelled digits
   * @param target accuracy on digits in front of flowers
   */
  record Outcome(String methods, double labelled, double target) {}

  /** Makes the data and runs fine-tuning alone and with each method. */
  public static void main(String[] args) throws IOException {
    if (args.length < 4) {
      throw new IllegalArgumentException(
          "Got %d arguments; usage: BlendedDigits BASE DIGITS PHOTOGRAPHS WORK [METHOD...]"
              .formatted(args.length));
    }
    List<String> methods = args.length > 4 ? List.of(args).subList(4, args.length) : METHODS;
    BlendedDigits program =
        new BlendedDigits(Graft.create(), Path.of(args[0]), Path.of(args[1]), Path.of(args[3]));
    List<Outcome> outcomes =
        program.run(Path.of(args[2]), methods, new Size(100, 1000, 10, 0.02), 0);
    print(outcomes, System.out);
  }

  List<Outcome> run(Path photographs, List<String> additions, Size size, long seed)
      throws IOException {
    DataParts grey = open(digits);
    DataParts flowers = open(photographs);
    Path blended = work.resolve("blended");
    new Blending(grey.training(), flowers.training())
        .write(blended, "train", size.unlabelled, seed);
    new Blending(grey.test().orElseThrow(), flowers.test().orElse(flowers.training()))
        .write(blended, "test", Integer.MAX_VALUE, seed + 1);
    String alone =
        "fine-tune:augmentation=shift:lr=" + size.learningRate + ":epochs=" + size.epochs;
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(outcome(alone, blended, size, seed));
    for (String addition : additions) {
      outcomes.add(outcome(alone + "," + addition, blended, size, seed));
    }
    return outcomes;
  }

  private DataParts open(Path folder) throws IOException {
    return DataFolder.open(folder, "", Map.of(), graft.registry());
  }

  private Outcome outcome(String methods, Path blended, Size size, long seed) throws IOException {
    Fitted fitted =
        graft
            .transfer(base, digits)
            .unlabelled(blended)
            .test(blended)
            .method(methods)
            .perClass(size.perClass)
            .seed(seed)
            .fit(work.resolve(methods.replaceAll("[^a-z0-9.-]+", "_") + "-" + seed));
    return new Outcome(
        methods,
        fitted.result().validation().get("accuracy"),
        fitted.result().test().get("accuracy"));
  }

  private static void print(List<Outcome> outcomes, PrintStream out) {
    out.println("| methods | labelled digits | in front of flowers |");
    out.println("|---|---|---|");
    for (Outcome each : outcomes) {
      out.printf(Locale.ROOT, "| %s | %.3f | %.3f |%n", each.methods, each.labelled, each.target);
    }
  }
}
