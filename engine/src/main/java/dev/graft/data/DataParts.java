package dev.graft.data;

import java.util.Optional;

/**
 * What a source found in a folder, before anything is split.
 *
 * @param modality id of the modality of the examples, for example {@code image}
 * @param training examples to train on; to be split further where a part is missing
 * @param validation the part the source gives for selection, if it does
 * @param test the part the source gives for the final figures, if it does
 */
public record DataParts(
    String modality, Dataset training, Optional<Dataset> validation, Optional<Dataset> test) {}
