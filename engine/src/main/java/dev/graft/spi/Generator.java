package dev.graft.spi;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.model.Model;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Goes on with what a model is given, piece by piece: a text, say. */
public interface Generator extends Plugin {

  /**
   * What is to be continued.
   *
   * @param model says which piece comes next
   * @param preprocessing how inputs become pieces
   * @param prompt the beginning; may be empty where the model can begin by itself
   */
  record Request(Model model, Preprocessing preprocessing, String prompt) {}

  /**
   * Part of an example to go on with.
   *
   * @param prompt how it begins
   * @param truth what stands behind it in the example
   */
  record Exercise(String prompt, String truth) {}

  /** Settings it understands. */
  List<Setting> settings();

  /** True if it can make this model go on. */
  boolean knows(Model model, Preprocessing preprocessing);

  /** What can be asked of the model to see how it does on an example; empty: nothing. */
  Optional<Exercise> exercise(Example raw);

  /**
   * Generates a little, to look at: the likeliest pieces, as many as a reader takes in.
   *
   * @throws IllegalArgumentException if the prompt is longer than the model can read
   */
  String sample(Request request);

  /**
   * Generates until the model ends, a stop is met or the length is reached.
   *
   * @param heard is called with each piece as soon as it is certain, on the calling thread
   * @return all that was generated, without the prompt
   * @throws IllegalArgumentException if the prompt is longer than the model can read
   */
  String generate(Request request, Settings settings, Consumer<String> heard);
}
