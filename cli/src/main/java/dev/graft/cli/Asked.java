package dev.graft.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The inputs that a command asks a model about. */
final class Asked {

  @Parameters(
      arity = "1..*",
      paramLabel = "INPUT",
      description = "Files; where the model reads texts, also texts.")
  private List<String> inputs;

  /** A question about inputs: an answer to each, in their order. */
  interface Question<T> {
    List<T> ask(List<String> inputs) throws IOException;
  }

  /** An input and its answer. */
  record Answer<T>(String input, T is) {}

  /** Inputs that cannot be read are named; the others are answered all the same. */
  <T> List<Answer<T>> answers(Question<T> question, Output output) {
    List<Answer<T>> answers = new ArrayList<>();
    try {
      List<T> all = question.ask(inputs);
      for (int i = 0; i < all.size(); i++) {
        answers.add(new Answer<>(inputs.get(i), all.get(i)));
      }
    } catch (IOException someOfThem) {
      for (String input : inputs) {
        try {
          answers.add(new Answer<>(input, question.ask(List.of(input)).get(0)));
        } catch (IOException e) {
          output.say("graft: " + Main.oneLine(e));
        }
      }
    }
    return answers;
  }

  /** The exit status after so many answers. */
  int status(List<?> answers) {
    return answers.size() == inputs.size() ? 0 : Main.REFUSED;
  }
}
