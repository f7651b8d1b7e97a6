package dev.graft.model;

import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Child;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The root module of a model: says how it is cut into groups and where its head is. */
public abstract class Network extends Module {

  /**
   * The groups from input to output; the last one is the head. The state that enters the head holds
   * the tensor {@code features}, (N, D) or (N, L, D).
   */
  public abstract List<Group> groups();

  /** Path of the module that is replaced for a new task, for example {@code fc}. */
  public abstract String headPath();

  /** D, the number of features that a new head reads. */
  public abstract long featureCount();

  /** True if its present head says for each position which word comes next. */
  public boolean saysNextWord() {
    return false;
  }

  /** True if its present head says for each position which word is hidden there. */
  public boolean saysHiddenWords() {
    return false;
  }

  /**
   * True if it reads one sequence and its present head says for each position of another one, which
   * it is given under {@code labels}, which word comes there.
   */
  public boolean writesAnswers() {
    return false;
  }

  /** Puts another head in place of the present one. */
  public void replaceHead(Layer head) {
    Modules.child(this, headPath()).replace(head);
  }

  /**
   * Puts a head that reads features of the given kind in place of the present one; networks over
   * sequences, which can offer more than one kind, override this.
   *
   * @throws IllegalArgumentException if the network has no such features
   */
  public void replaceHead(Layer head, HeadInput input) {
    if (input != HeadInput.EXAMPLE) {
      throw new IllegalArgumentException(
          "the task reads one vector per %s, this network has one per example; choose a base that reads sequences"
              .formatted(input.name().toLowerCase(Locale.ROOT)));
    }
    replaceHead(head);
  }

  /**
   * The convolutions whose output goes into one batch normalisation and nowhere else, with the path
   * of that normalisation: each pair may be folded into one convolution where neither trains. What
   * the normalisation does {@linkplain BatchNorm2d#then() afterwards} stays to be done.
   *
   * <p>Found by a rule that published networks obey, because they declare children in the order of
   * use: a normalisation directly after a convolution of the same parent, with as many channels. A
   * network in which it does not hold overrides this method.
   */
  public Map<String, String> normalisedConvolutions() {
    Map<String, String> pairs = new LinkedHashMap<>();
    walk(
        "",
        (path, module) -> {
          String prefix = path.isEmpty() ? "" : path + ".";
          String convolution = null;
          long channels = 0;
          for (Map.Entry<String, Child> child : module.children().entrySet()) {
            Layer layer = child.getValue().layer();
            if (layer instanceof BatchNorm2d norm
                && convolution != null
                && norm.channels() == channels) {
              pairs.put(convolution, prefix + child.getKey());
            }
            convolution = null;
            if (layer instanceof Conv2d conv) {
              convolution = prefix + child.getKey();
              channels = conv.spec().out();
            }
          }
        });
    return pairs;
  }
}
