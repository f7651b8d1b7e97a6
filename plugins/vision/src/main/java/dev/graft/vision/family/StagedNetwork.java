package dev.graft.vision.family;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Group;
import dev.graft.model.Group.Edge;
import dev.graft.model.Modules;
import dev.graft.model.Network;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A network whose modules run one after another, stage by stage: it is assembled by opening stages
 * and placing layers in the order in which they run. Each stage becomes a {@link Group}; the last
 * one is the head, the one before it ends with the features.
 *
 * <p>Containers that lie on the paths ({@code features} of {@code features.3}) are announced to
 * taps when their last child has run, although a group calls only some of their children.
 */
public final class StagedNetwork extends Network implements Places {

  /**
   * What runs in a stage.
   *
   * @param path of a module; empty: a mere operation
   * @param operation the operation; null for a module
   * @param output what a side head computes; empty for what lies on the main path
   */
  private record Step(String path, UnaryOperator<Tensor> operation, String output) {}

  /** A step ready to run: from the main path to the main path, with further outputs on the side. */
  private interface Action {

    Tensor run(Tensor x, Map<String, Tensor> outputs);

    static Action of(UnaryOperator<Tensor> operation) {
      return (x, outputs) -> operation.apply(x);
    }
  }

  private record Stage(String name, List<Step> steps, List<String> modules) {}

  private final List<Stage> stages = new ArrayList<>();
  private String headPath;
  private long featureCount;
  private int resolutions;
  private final Set<String> sideOutputs = new LinkedHashSet<>();

  /** Opens a stage: what is placed from now on belongs to it. */
  public void stage(String name) {
    stages.add(new Stage(name, new ArrayList<>(), new ArrayList<>()));
  }

  /** Opens the next of {@code stage1}, {@code stage2}, … where a block halves the map. */
  void stageFor(long stride) {
    if (resolutions == 0 || stride > 1) {
      stage("stage" + ++resolutions);
    }
  }

  /** Appends a module to the open stage. */
  @Override
  public void place(String path, Layer layer) {
    Places.put(children(), this::child, path, layer);
    open().steps().add(new Step(path, null, ""));
    open().modules().add(path);
  }

  /** Appends an operation that is no module to the open stage. */
  public void step(UnaryOperator<Tensor> operation) {
    open().steps().add(new Step("", operation, ""));
  }

  /**
   * Appends a side head: in training mode it computes one more output from what the main path has
   * reached. It knows the classes of the published head only, so it ends with that.
   */
  public void sideHead(String path, Layer layer, String output) {
    Places.put(children(), this::child, path, layer);
    open().steps().add(new Step(path, null, output));
    open().modules().add(path);
    sideOutputs.add(output);
  }

  @Override
  public void replaceHead(Layer head) {
    super.replaceHead(head);
    sideOutputs.clear();
  }

  /** A parameter of the network or of a container in it; it belongs to the open stage. */
  Tensor own(String path, ParameterKind kind, Tensor initial) {
    open().modules().add(path);
    int dot = path.lastIndexOf('.');
    if (dot < 0) {
      return parameter(path, kind, initial);
    }
    Places direct = this::child;
    Container container = null;
    Map<String, Child> children = children();
    for (String name : path.substring(0, dot).split("\\.")) {
      container = Places.container(children, direct, name);
      children = container.children();
      direct = container;
    }
    return container.own(path.substring(dot + 1), kind, initial);
  }

  /** Appends the module that a new task replaces. */
  public void head(String path, Layer layer, long features) {
    place(path, layer);
    headPath = path;
    featureCount = features;
  }

  private Stage open() {
    return stages.get(stages.size() - 1);
  }

  @Override
  public List<Group> groups() {
    List<Step> all = stages.stream().flatMap(stage -> stage.steps().stream()).toList();
    List<Group> groups = new ArrayList<>();
    int position = 0;
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      List<Action> actions = new ArrayList<>();
      for (Step step : stage.steps()) {
        position++;
        addActions(step, nextModule(all, position), actions);
      }
      Edge edge = edge(i);
      groups.add(new Group(stage.name(), stage.modules(), state -> run(actions, edge, state)));
    }
    return groups;
  }

  private static String nextModule(List<Step> steps, int from) {
    return steps.subList(from, steps.size()).stream()
        .filter(step -> step.operation() == null && step.output().isEmpty())
        .map(Step::path)
        .findFirst()
        .orElse("");
  }

  private void addActions(Step step, String next, List<Action> actions) {
    if (step.operation() != null) {
      actions.add(Action.of(step.operation()));
      return;
    }
    Child child = Modules.child(this, step.path());
    if (!step.output().isEmpty()) {
      actions.add((x, outputs) -> onTheSide(step.output(), child, x, outputs));
      return;
    }
    actions.add(Action.of(child::apply));
    String container = parent(step.path());
    while (!container.isEmpty() && !next.startsWith(container + ".")) {
      actions.add(Action.of(Modules.child(this, container).layer()::announce));
      container = parent(container);
    }
  }

  private Tensor onTheSide(String output, Child head, Tensor x, Map<String, Tensor> outputs) {
    if (head.layer().training() && sideOutputs.contains(output)) {
      outputs.put(output, head.apply(x));
    }
    return x;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  private NamedTensors run(List<Action> actions, Edge edge, NamedTensors state) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (String side : sideOutputs) {
      if (state.has(side)) {
        outputs.put(side, state.get(side));
      }
    }
    Tensor input = state.get(edge.input());
    outputs.put(edge.output(), Layer.chain(actions, (action, x) -> action.run(x, outputs), input));
    return NamedTensors.of(outputs);
  }

  private Edge edge(int stage) {
    if (stage == stages.size() - 1) {
      return Edge.HEAD;
    }
    if (stage == 0) {
      return Edge.FIRST;
    }
    return stage == stages.size() - 2 ? Edge.LAST : Edge.INNER;
  }

  @Override
  public String headPath() {
    return headPath;
  }

  @Override
  public long featureCount() {
    return featureCount;
  }
}
