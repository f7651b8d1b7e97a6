package dev.graft.vision.family;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Group;
import dev.graft.model.Group.Edge;
import dev.graft.model.Modules;
import dev.graft.model.Network;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
   */
  private record Step(String path, UnaryOperator<Tensor> operation) {}

  private record Stage(String name, List<Step> steps, List<String> modules) {}

  private final List<Stage> stages = new ArrayList<>();
  private String headPath;
  private long featureCount;
  private int resolutions;

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
    open().steps().add(new Step(path, null));
    open().modules().add(path);
  }

  /** Appends an operation that is no module to the open stage. */
  public void step(UnaryOperator<Tensor> operation) {
    open().steps().add(new Step("", operation));
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
      List<UnaryOperator<Tensor>> operations = new ArrayList<>();
      for (Step step : stage.steps()) {
        position++;
        addOperations(step, nextModule(all, position), operations);
      }
      groups.add(Group.unary(stage.name(), stage.modules(), edge(i), x -> run(operations, x)));
    }
    return groups;
  }

  private static String nextModule(List<Step> steps, int from) {
    return steps.subList(from, steps.size()).stream()
        .map(Step::path)
        .filter(path -> !path.isEmpty())
        .findFirst()
        .orElse("");
  }

  private void addOperations(Step step, String next, List<UnaryOperator<Tensor>> operations) {
    if (step.operation() != null) {
      operations.add(step.operation());
      return;
    }
    Child child = Modules.child(this, step.path());
    operations.add(child::apply);
    String container = parent(step.path());
    while (!container.isEmpty() && !next.startsWith(container + ".")) {
      operations.add(Modules.child(this, container).layer()::announce);
      container = parent(container);
    }
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  private static Tensor run(List<UnaryOperator<Tensor>> operations, Tensor x) {
    Tensor result = x;
    for (UnaryOperator<Tensor> operation : operations) {
      result = operation.apply(result);
    }
    return result;
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
