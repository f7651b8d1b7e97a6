package dev.graft.testkit.tiny;

import dev.graft.data.Dataset;
import dev.graft.data.Preprocessing;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.train.BaseModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A base as if it had been pretrained: always the same weights, and normalisation statistics that
 * belong to the data. Making one leaves the default random generator as it was.
 *
 * @param spec of the network
 * @param preprocessing how the data become inputs
 * @param data what the statistics come from
 * @param seed of the weights
 */
record TinyBase(ModelSpec spec, Preprocessing preprocessing, Dataset data, long seed)
    implements BaseModel {

  /** Passes over the data; running statistics move a tenth of the way in each. */
  private static final int PASSES = 12;

  @Override
  public Model pretrained() {
    HostTensor random = RandomState.save();
    RandomState.seed(seed);
    Model model = random();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      model.network().setTrainingAll(true);
      for (int i = 0; i < PASSES; i++) {
        try (Scope pass = Scope.open()) {
          var unused = model.forward(preprocessing.collate(examples()));
        }
      }
      model.network().setTrainingAll(false);
    }
    RandomState.restore(random);
    return model;
  }

  @Override
  public Model random() {
    return new Model(spec, new TinyFamily().build(spec)).withChannelsInnermost();
  }

  List<dev.graft.data.Example> examples() {
    List<dev.graft.data.Example> examples = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      try {
        examples.add(preprocessing.evalTransform().apply(data.load(i)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return examples;
  }
}
