package dev.graft.text.vectors;

import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.ArrayList;
import java.util.List;

/** The mean and the maximum over the vectors of the words of a text, in any order. */
public final class BagOfEmbeddings extends VectorFamily {

  @Override
  public About about() {
    return new About(
        "bag-of-embeddings",
        "mean and maximum over word vectors, for example GloVe's",
        "Shen et al. 2018, Baseline Needs More Love; Pennington et al. 2014, GloVe");
  }

  @Override
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>(common());
    settings.add(Setting.number("dropout", 0, 0, 0.99, "probability in front of the head"));
    return settings;
  }

  @Override
  Network network(Settings settings) {
    return new VectorNetwork(
        new VectorNetwork.Shape(
            settings.integer("words"),
            settings.integer("embedding_size"),
            List.of(),
            settings.integer("num_labels")),
        new VectorNetwork.Drops(0, 0, 0, 0, settings.number("dropout")));
  }
}
