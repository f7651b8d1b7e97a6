package dev.graft.plan;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.internal.Json;
import dev.graft.model.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Everything that will happen to a model, as data: which methods made it, what is cut and replaced,
 * which phases follow each other. Immutable; plan to JSON to plan is the identity.
 *
 * @param methods the methods that contributed, in order, with all their settings
 * @param fromScratch whether pretrained weights are thrown away
 * @param surgery changes of the network before training, in order; the first replaces the head
 * @param phases stretches of training, in order
 * @param seed the seed all randomness of the run derives from
 */
public record Plan(
    List<Choice> methods,
    boolean fromScratch,
    List<Choice> surgery,
    List<Phase> phases,
    long seed) {

  /** The change that nearly all plans begin with: a new head for the task. */
  public static final Choice HEAD = Choice.of("head");

  public Plan {
    methods = List.copyOf(methods);
    surgery = List.copyOf(surgery);
    phases = List.copyOf(phases);
  }

  /** A plan in which nothing happens yet but a new head. */
  public static Plan start(long seed) {
    return new Plan(List.of(), false, List.of(HEAD), List.of(), seed);
  }

  /** The refusal of one more method, with its id, those that are here, and the reason. */
  public IllegalArgumentException refusal(String method, String reason) {
    return new IllegalArgumentException(
        "'%s' means nothing with %s: %s"
            .formatted(
                method,
                methods.stream().map(Choice::id).map(id -> "'" + id + "'").toList(),
                reason));
  }

  /** With one more contributing method. */
  public Plan plusMethod(Choice method) {
    List<Choice> all = new ArrayList<>(methods);
    all.add(method);
    return new Plan(all, fromScratch, surgery, phases, seed);
  }

  /** With random weights in place of the pretrained ones. */
  public Plan withFromScratch(boolean value) {
    return new Plan(methods, value, surgery, phases, seed);
  }

  /** With other surgery. */
  public Plan withSurgery(List<Choice> value) {
    return new Plan(methods, fromScratch, value, phases, seed);
  }

  /** With one more change of the network. */
  public Plan plusSurgery(Choice change) {
    List<Choice> all = new ArrayList<>(surgery);
    all.add(change);
    return withSurgery(all);
  }

  /** With other phases. */
  public Plan withPhases(List<Phase> value) {
    return new Plan(methods, fromScratch, surgery, value, seed);
  }

  /** With each phase changed in the same way. */
  public Plan mapPhases(UnaryOperator<Phase> change) {
    return withPhases(phases.stream().map(change).toList());
  }

  /**
   * The whole plan as a table: methods, surgery, and for each phase what trains in which group, at
   * which rate and decay, and everything else that was chosen. The same in every locale.
   *
   * @param model the network after surgery
   */
  public String explain(Model model) {
    return new Explanation(this, model).print();
  }

  /** The plan as JSON; {@link #ofJson} is the way back. */
  public String toJson() {
    return new String(Json.write(this), StandardCharsets.UTF_8);
  }

  /**
   * The plan that {@link #toJson} wrote.
   *
   * @throws IOException if the text is not JSON of this form; an unknown key is an error
   */
  public static Plan ofJson(String json) throws IOException {
    return Json.read(
        json.getBytes(StandardCharsets.UTF_8), "the plan", new TypeReference<Plan>() {});
  }
}
