package dev.graft.text.family;

import dev.graft.model.Model;
import dev.graft.weights.LoadRules;
import dev.graft.weights.NameMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** How the names in published weight files of texts differ from those of the networks here. */
final class PublishedNames {

  /** First names of the heads that published files hold. */
  static final List<String> HEADS =
      List.of(
          "cls",
          "classifier",
          "qa_outputs",
          "lm_head",
          "score",
          "pre_classifier",
          "vocab_transform",
          "vocab_layer_norm",
          "vocab_projector",
          "predictions",
          "generator_predictions",
          "generator_lm_head",
          "discriminator_predictions",
          "sop_classifier",
          "embed_out");

  private PublishedNames() {}

  /** What may differ between a file of a family and one of its networks. */
  static LoadRules rules(TextFamily family, Model model) {
    Set<String> present = model.state().keySet();
    String root = family.root();
    NameMap names =
        NameMap.unwrapping()
            .replace("\\.gamma$", ".weight")
            .replace("\\.beta$", ".bias")
            .drop("(?:^|\\.)position_ids$|rotary_emb\\.inv_freq$|\\.attn\\.(?:masked_)?bias$");
    if (!root.isEmpty()) {
      String ours = Pattern.quote(root) + "\\.|" + String.join("\\.|", family.heads()) + "\\.";
      names = names.replace("^(?!" + ours + ")", root + ".");
    }
    for (String pattern : family.unread()) {
      names = names.drop(pattern);
    }
    for (String head : family.heads()) {
      if (present.stream().noneMatch(name -> name.startsWith(head + "."))) {
        names = names.drop("^" + head + "\\.");
      }
    }
    // A pooler that the network at hand does not have.
    String pooler = root + ".pooler.";
    if (present.stream().noneMatch(name -> name.startsWith(pooler))) {
      names = names.drop("^" + Pattern.quote(pooler));
    }
    return LoadRules.strict().names(names).replaceable(lacking(family, model));
  }

  /** What files may lack: the head of another task, and what is computed. */
  private static Set<String> lacking(TextFamily family, Model model) {
    List<String> patterns = new ArrayList<>(family.computed());
    if (model.network() instanceof SequenceNetwork network
        && network.head().kind() != Head.Kind.WORDS) {
      List<String> fresh = new ArrayList<>(network.head().inner());
      fresh.add(network.headPath());
      fresh.forEach(path -> patterns.add("^" + Pattern.quote(path + ".")));
    }
    Set<String> lacking = new LinkedHashSet<>();
    for (String pattern : patterns) {
      model.state().keySet().stream()
          .filter(Pattern.compile(pattern).asPredicate())
          .forEach(lacking::add);
    }
    return lacking;
  }
}
