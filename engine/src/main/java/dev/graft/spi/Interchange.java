package dev.graft.spi;

import dev.graft.model.Model;
import dev.graft.plan.Choice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes what was trained in the layout of another program, and reads it from there. */
public interface Interchange extends Plugin {

  /**
   * A trained model.
   *
   * @param model with its weights and everything that surgery changed; the caller's
   * @param surgery those changes in order, with all their settings
   * @param known all kinds of surgery there are
   * @param base name of the pretrained weights
   */
  record Trained(Model model, List<Choice> surgery, List<Surgery> known, String base) {

    public Trained {
      surgery = List.copyOf(surgery);
      known = List.copyOf(known);
    }
  }

  /**
   * Writes a folder.
   *
   * @throws IllegalArgumentException if the layout has no form for this model; the message says why
   */
  void write(Trained trained, Path folder) throws IOException;

  /**
   * Puts what a folder holds into a model, in place of what it had of the same sort.
   *
   * @return the surgery that leads to the model as it is now
   * @throws IOException if the folder is not of this layout or does not fit the model
   */
  List<Choice> read(Trained into, Path folder) throws IOException;
}
