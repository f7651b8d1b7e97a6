package dev.graft.freezing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.layers.Child;
import dev.graft.layers.Embedding;
import dev.graft.layers.Initial;
import dev.graft.layers.LayerNorm;
import dev.graft.layers.Linear;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.registry.Registry;
import dev.graft.spi.Subject;
import dev.graft.task.Classification;
import dev.graft.task.Task;
import dev.graft.task.sequence.MaskedLanguageModelling;
import dev.graft.train.Planner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What methods make of transformers: over words they pass over the examples a few times only. */
class WordPlansTest {

  private static final int WIDTH = 384;
  private static final String NORM = "norm";

  /** A table of words, a normalisation and a head. */
  private static final class Words extends Network {

    private final Child embed = child("embed", new Embedding(50, WIDTH));
    private final Child norm = child(NORM, new LayerNorm(WIDTH, 1e-5));
    private final Child fc = child("fc", new Linear(WIDTH, 2));

    @Override
    public List<Group> groups() {
      return List.of(
          Group.unary(
              "embeddings",
              List.of("embed", NORM),
              new Group.Edge("input_ids", "features"),
              x -> norm.apply(embed.apply(x)).mean(false, 1)),
          Group.unary("head", List.of("fc"), Group.Edge.HEAD, fc::apply));
    }

    @Override
    public String headPath() {
      return "fc";
    }

    @Override
    public long featureCount() {
      return WIDTH;
    }
  }

  /** Positions that are added to patches, a normalisation and a head. */
  private static final class Patches extends Network {

    private final Child norm = child(NORM, new LayerNorm(WIDTH, 1e-5));
    private final Child fc = child("fc", new Linear(WIDTH, 2));

    Patches() {
      var positions =
          parameter("positions", ParameterKind.EMBEDDING, Initial.normal(1, 1, 5, WIDTH));
      this.forward =
          Group.unary(
              "embeddings",
              List.of("", NORM),
              Group.Edge.LAST,
              x -> norm.apply(x.add(positions)).mean(false, 1));
    }

    private final Group forward;

    @Override
    public List<Group> groups() {
      return List.of(forward, Group.unary("head", List.of("fc"), Group.Edge.HEAD, fc::apply));
    }

    @Override
    public String headPath() {
      return "fc";
    }

    @Override
    public long featureCount() {
      return WIDTH;
    }
  }

  private final Model words = new Model(new ModelSpec("words", Map.of()), new Words());
  private final Model patches = new Model(new ModelSpec("patches", Map.of()), new Patches());

  @AfterEach
  void close() {
    words.close();
    patches.close();
  }

  private static Phase last(String method, Model model, int examples) {
    return last(method, model, examples, new Classification(List.of("a", "b")));
  }

  private static Phase last(String method, Model model, int examples, Task task) {
    Subject subject = new Subject(model, false, task, examples, "none");
    Registry registry = Registry.load(WordPlansTest.class.getClassLoader());
    Plan plan = Planner.plan(Planner.parse(method), 3, subject, registry);
    return plan.phases().get(plan.phases().size() - 1);
  }

  private static int epochs(String method, Model model, int examples) {
    return last(method, model, examples).length().epochs();
  }

  @Test
  void manyTextsTakeFewPasses() {
    for (String method : List.of("fine-tune", "lp-ft", "layer-decay")) {
      assertEquals(4, epochs(method, words, 2000), method);
      assertEquals(12, epochs(method, patches, 2000), method);
    }
    assertEquals(12, epochs("from-scratch", words, 2000));
    assertEquals(40, epochs("from-scratch", patches, 2000));
    Phase language = last("from-scratch", words, 2000, new MaskedLanguageModelling());
    assertEquals(40, language.length().epochs());
  }

  @Test
  void fewTextsTakeAsManyUpdatesAsAnythingElse() {
    assertEquals(50, epochs("fine-tune", words, 36)); // three updates a pass, 150 in all
    assertEquals(50, epochs("fine-tune", patches, 36));
  }

  @Test
  void unfreezingTakesTheRateOfTheWidth() {
    // The fourth step halves the rate for the third time, with two groups there is one halving.
    assertEquals(0.001, last("gradual-unfreeze", words, 2000).optimizer().settings().number("lr"));
  }
}
