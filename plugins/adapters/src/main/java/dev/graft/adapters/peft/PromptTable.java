package dev.graft.adapters.peft;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterSet;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PEFT's form of methods that put vectors in front of those of a network: one table {@code
 * prompt_embeddings}, (p, features of all places side by side), the keys of a layer before its
 * values. Maps that made the vectors are not written, only what they made.
 */
final class PromptTable {

  /** Name of the table. */
  static final String NAME = "prompt_embeddings";

  /** What the names of modules that are saved whole begin with, here alone. */
  static final String PREFIX = "base_model.";

  private PromptTable() {}

  /**
   * The table of an adapter.
   *
   * @throws IllegalArgumentException if it lies on some of the places only
   */
  static HostTensor of(Model model, String name, AdapterKind kind) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      AdapterSet set = AdapterSet.of(model);
      Map<String, Tensor> vectors = set.vectors(name);
      List<String> all = set.places(kind);
      if (!List.copyOf(vectors.keySet()).equals(all)) {
        throw new IllegalArgumentException(
            "PEFT's form of method '%s' is for %s, this adapter lies on %s; keep the bundle"
                .formatted(kind.about().id(), all, vectors.keySet()));
      }
      return Tensor.cat(List.copyOf(vectors.values()), 1).contiguous().toHost();
    }
  }

  /** What PEFT's configuration says of the network. */
  static Map<String, Object> network(Model model, String name) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      List<Tensor> vectors = List.copyOf(AdapterSet.of(model).vectors(name).values());
      return Map.of(
          "num_layers",
          vectors.size() / 2,
          "token_dim",
          vectors.get(0).size(1),
          "encoder_hidden_size",
          vectors.get(0).size(1),
          "num_transformer_submodules",
          1,
          "prefix_projection",
          false);
    }
  }

  /** What was saved whole beside the table: the name in the file and the one in the model. */
  static Map<String, String> whole(Weights weights, Model model) throws IOException {
    Map<String, String> whole = new LinkedHashMap<>();
    Set<String> state = model.state().keySet();
    for (String stored : weights.names()) {
      if (stored.startsWith(PREFIX) && state.contains(stored.substring(PREFIX.length()))) {
        whole.put(stored, stored.substring(PREFIX.length()));
      } else if (!stored.equals(NAME)) {
        throw new IOException(
            "tensor '%s' is neither '%s' nor one of the model after '%s'"
                .formatted(stored, NAME, PREFIX));
      }
    }
    if (!weights.names().contains(NAME)) {
      throw new IOException("there is no '%s', only %s".formatted(NAME, weights.names()));
    }
    return whole;
  }

  /** Puts an adapter with these vectors into a model, switched on, or changes nothing. */
  static void add(Model model, String name, AdapterKind kind, Settings settings, HostTensor table) {
    AdapterSet set = AdapterSet.of(model);
    set.add(name, kind, settings);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      List<Tensor> places = new ArrayList<>();
      set.parameters(name).values().forEach(own -> places.addAll(own.values()));
      long features = places.stream().mapToLong(place -> place.size(1)).sum();
      long[] shape = table.shape();
      if (shape.length != 2 || shape[0] != places.get(0).size(0) || shape[1] != features) {
        throw new IllegalArgumentException(
            "'%s' has shape %s, here it is [%d, %d] for %d places"
                .formatted(
                    NAME,
                    java.util.Arrays.toString(shape),
                    places.get(0).size(0),
                    features,
                    places.size()));
      }
      Tensor values = Tensor.of(table);
      long from = 0;
      for (Tensor place : places) {
        place.copyInPlace(values.narrow(1, from, place.size(1)).to(place.dtype()));
        from += place.size(1);
      }
      set.activate(name);
    } catch (RuntimeException e) {
      set.remove(name);
      throw e;
    }
  }
}
