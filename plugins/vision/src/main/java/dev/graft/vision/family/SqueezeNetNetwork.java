package dev.graft.vision.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Initial;
import dev.graft.layers.Layer;
import dev.graft.layers.Pool2d;
import dev.graft.model.Group;
import dev.graft.model.Modules;
import dev.graft.model.Network;
import dev.graft.plan.Settings;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A convolution, eight fire modules with poolings between them, and a classifier.
 *
 * <p>The published classifier is a convolution, a ReLU and the mean over the image, in this order,
 * so it reads the feature map {@code hidden}, (N, 512, H, W). A new head is linear and reads {@code
 * features}, the mean over that map, (N, 512). The body provides both.
 */
final class SqueezeNetNetwork extends Network implements Places {

  /** Whose parameter names there are. */
  static final List<String> NAMES = List.of("torchvision", "caffe");

  private static final int FEATURES = 512;

  /** Fire modules: channels squeezed to, and channels of each of the two expansions. */
  private static final int[][] FIRES = {
    {16, 64}, {16, 64}, {32, 128}, {32, 128}, {48, 192}, {48, 192}, {64, 256}, {64, 256}
  };

  private final boolean caffe;
  private final Map<String, List<String>> stages = new LinkedHashMap<>();
  private final String headPath;
  private String stage;
  private int index;

  SqueezeNetNetwork(Settings settings) {
    caffe = settings.text("parameter_names").equals("caffe");
    headPath = caffe ? "conv10" : "classifier.1";
    boolean first = settings.text("version").equals("1_0");
    boolean ceilMode = settings.flag("pool_ceil_mode");
    int in = first ? 96 : 64;
    Conv2d.Spec stem =
        Conv2d.Spec.of(3, in, first ? 7 : 3)
            .stride(2)
            .padding(settings.integer("stem_padding"))
            .bias(true);
    stage = "stem";
    body("conv1", new Conv2d(stem));
    body("relu_conv1", new Activation(Function.RELU));
    body("pool1", Pool2d.max(3, 2, 0, ceilMode));
    for (int i = 0; i < FIRES.length; i++) {
      int number = i + 2;
      stage = "fire" + number;
      body(stage, new Fire(in, FIRES[i][0], FIRES[i][1], caffe));
      in = 2 * FIRES[i][1];
      if (first ? number == 4 || number == 8 : number == 3 || number == 5) {
        body("pool" + number, Pool2d.max(3, 2, 0, ceilMode));
      }
    }
    stage = "head";
    place(caffe ? "drop9" : "classifier.0", new Dropout(settings.number("dropout")));
    place(headPath, new Conv2d(Conv2d.Spec.of(in, settings.integer("num_labels"), 1).bias(true)));
    place(caffe ? "relu_conv10" : "classifier.2", new Activation(Function.RELU));
    place(caffe ? "pool10" : "classifier.3", Pool2d.adaptiveAverage(1, 1));
    initialise();
  }

  private void initialise() {
    InitialValues.convolutions(this, SqueezeNetNetwork::heUniform);
    InitialValues.zeroBiases(this, Conv2d.class);
    InitialValues.convolutions(
        Modules.child(this, headPath).layer(), shape -> Initial.normal(0.01, shape));
  }

  /** Uniform with variance 2 / fan-in. */
  private static Tensor heUniform(long[] shape) {
    return Initial.uniform(Math.sqrt(6.0 / (double) (shape[1] * shape[2] * shape[3])), shape);
  }

  private void body(String caffeName, Layer layer) {
    place(caffe ? caffeName : "features." + index++, layer);
  }

  @Override
  public void place(String path, Layer layer) {
    Places.put(children(), this::child, path, layer);
    stages.computeIfAbsent(stage, name -> new ArrayList<>()).add(path);
  }

  @Override
  public String headPath() {
    return headPath;
  }

  @Override
  public long featureCount() {
    return FEATURES;
  }

  @Override
  public List<Group> groups() {
    List<String> names = List.copyOf(stages.keySet());
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < names.size() - 2; i++) {
      List<String> paths = stages.get(names.get(i));
      Group.Edge edge = i == 0 ? Group.Edge.FIRST : Group.Edge.INNER;
      groups.add(Group.unary(names.get(i), paths, edge, x -> run(paths, x)));
    }
    String last = names.get(names.size() - 2);
    List<String> paths = stages.get(last);
    groups.add(new Group(last, paths, state -> features(run(paths, state.get("hidden")))));
    groups.add(head());
    return groups;
  }

  private boolean published() {
    return Modules.child(this, headPath).layer() instanceof Conv2d;
  }

  private NamedTensors features(Tensor map) {
    NamedTensors features = NamedTensors.of("features", map.mean(false, 2, 3));
    return published() ? features.with("hidden", announced("features", map)) : features;
  }

  private Group head() {
    List<String> paths = stages.get("head");
    if (published()) {
      Group.Edge edge = new Group.Edge("hidden", "logits");
      return Group.unary(
          "head", paths, edge, x -> announced("classifier", run(paths, x)).flatten(1));
    }
    return Group.unary("head", paths, Group.Edge.HEAD, x -> run(paths.subList(0, 2), x));
  }

  /** Shows an output to taps as that of a container, whose children the groups call themselves. */
  private Tensor announced(String container, Tensor output) {
    Child child = children().get(container);
    return child == null ? output : child.layer().announce(output);
  }

  private Tensor run(List<String> paths, Tensor x) {
    Tensor result = x;
    for (String path : paths) {
      result = Modules.child(this, path).apply(result);
    }
    return result;
  }

  /** Squeezes channels, then expands them by 1x1 and 3x3 convolutions, side by side. */
  private static final class Fire extends Layer {

    private final Child squeeze;
    private final Child squeezeActivation;
    private final Child expand1x1;
    private final Child expand1x1Activation;
    private final Child expand3x3;
    private final Child expand3x3Activation;

    Fire(int in, int squeezed, int expanded, boolean caffe) {
      squeeze = child(caffe ? "squeeze1x1" : "squeeze", conv(in, squeezed, 1));
      squeezeActivation = child("squeeze_activation", new Activation(Function.RELU));
      expand1x1 = child("expand1x1", conv(squeezed, expanded, 1));
      expand1x1Activation = child("expand1x1_activation", new Activation(Function.RELU));
      expand3x3 = child("expand3x3", conv(squeezed, expanded, 3));
      expand3x3Activation = child("expand3x3_activation", new Activation(Function.RELU));
    }

    private static Conv2d conv(int in, int out, int kernel) {
      return new Conv2d(Conv2d.Spec.of(in, out, kernel).padding(kernel / 2).bias(true));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor squeezed = squeezeActivation.apply(squeeze.apply(x));
      return Tensor.cat(
          List.of(
              expand1x1Activation.apply(expand1x1.apply(squeezed)),
              expand3x3Activation.apply(expand3x3.apply(squeezed))),
          1);
    }
  }
}
