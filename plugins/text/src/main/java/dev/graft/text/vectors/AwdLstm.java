package dev.graft.text.vectors;

import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Layers of long short-term memory with dropped weights over word vectors, as ULMFiT fine-tunes
 * them: a group for each layer, and a head that reads the last state, the mean and the maximum.
 */
public final class AwdLstm extends VectorFamily {

  @Override
  public About about() {
    return new About(
        "awd-lstm",
        "recurrent layers with weight-drop over word vectors, read by concat pooling",
        "Merity et al. 2018, AWD-LSTM; Howard and Ruder 2018, ULMFiT");
  }

  @Override
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>(common());
    settings.addAll(
        List.of(
            Setting.integer("hidden_size", 128, 1, 65_536, "features of a layer"),
            Setting.integer("num_layers", 2, 1, 100, "recurrent layers"),
            Setting.number("embed_dropout", 0.02, 0, 0.99, "that a word loses its vector"),
            Setting.number("input_dropout", 0.25, 0, 0.99, "of features of words"),
            Setting.number("hidden_dropout", 0.15, 0, 0.99, "of features behind a layer"),
            Setting.number("weight_dropout", 0.2, 0, 0.99, "of weights between states"),
            Setting.number("head_dropout", 0.1, 0, 0.99, "in front of the head")));
    return settings;
  }

  @Override
  Network network(Settings settings) {
    long hidden = settings.integer("hidden_size");
    return new VectorNetwork(
        new VectorNetwork.Shape(
            settings.integer("words"),
            settings.integer("embedding_size"),
            Collections.nCopies(settings.integer("num_layers"), hidden),
            settings.integer("num_labels")),
        new VectorNetwork.Drops(
            settings.number("embed_dropout"),
            settings.number("input_dropout"),
            settings.number("hidden_dropout"),
            settings.number("weight_dropout"),
            settings.number("head_dropout")));
  }
}
