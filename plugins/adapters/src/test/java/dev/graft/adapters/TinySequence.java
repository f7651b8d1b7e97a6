package dev.graft.adapters;

import dev.graft.layers.Attention;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Dropout;
import dev.graft.layers.Linear;
import dev.graft.layers.Sequential;
import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.spi.About;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.testkit.tiny.TinyModality;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.BaseModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network over tokens without class token, as those for text are: the head reads their mean. */
public final class TinySequence extends Network {

  private static final String ID = "tiny-sequence";
  private static final long WIDTH = 8;

  private final Child patches =
      child("patches", new Conv2d(Conv2d.Spec.of(3, WIDTH, 2).stride(2).bias(true)));
  private final Child embeddings =
      child("embeddings", new Sequential().add("dropout", new Dropout(0)));
  private final Child attention =
      child(
          "attention",
          new Attention(new Attention.Size(WIDTH, 2, true, 0, 0), Attention.Names.JOINT));
  private final Child head = child("head", new Linear(WIDTH, 3));

  /** A transfer of the tiny pictures with it. */
  public static TinyTransfer pictures() {
    TinyTransfer tiny = TinyTransfer.pictures();
    return new TinyTransfer(
        new Base(), tiny.data(), tiny.task(), tiny.preprocessing(), tiny.teacher());
  }

  @Override
  public List<Group> groups() {
    return List.of(
        Group.unary(
            "embeddings",
            List.of("patches", "embeddings"),
            Group.Edge.FIRST,
            x -> embeddings.apply(patches.apply(x).flatten(2).transpose(1, 2))),
        Group.unary(
            "block",
            List.of("attention"),
            Group.Edge.LAST,
            x -> x.add(attention.apply(x)).mean(false, 1)),
        Group.unary("head", List.of("head"), Group.Edge.HEAD, head::apply));
  }

  @Override
  public String headPath() {
    return "head";
  }

  @Override
  public long featureCount() {
    return WIDTH;
  }

  /** A model with weights that are always the same. */
  private static final class Base implements BaseModel {

    @Override
    public Model pretrained() {
      HostTensor random = RandomState.save();
      RandomState.seed(23);
      Model model = random();
      RandomState.restore(random);
      return model;
    }

    @Override
    public Model random() {
      return new Model(new ModelSpec(ID, Map.of()), new TinySequence()).withChannelsInnermost();
    }
  }

  /** Finds the network again where a bundle is opened. */
  public static final class Family implements ModelFamily {

    @Override
    public About about() {
      return new About(ID, "a network over tokens, for tests", "none");
    }

    @Override
    public String modality() {
      return TinyModality.ID;
    }

    @Override
    public Optional<ModelSpec> read(Map<String, Object> config) {
      return Optional.empty();
    }

    @Override
    public Network build(ModelSpec spec) {
      return new TinySequence();
    }
  }
}
