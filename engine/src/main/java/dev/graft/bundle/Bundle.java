package dev.graft.bundle;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.data.SideFiles;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Digests;
import dev.graft.internal.Json;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A trained model on disk. A folder with {@code graft.json}, {@code model.safetensors} and {@code
 * report.html}, or a zip of one; written beside its place and renamed into it.
 *
 * <p>A bundle may hold only what differs from its base, in {@code changes.safetensors}: then it is
 * small, and has weights only once the base has {@linkplain #completed completed} it.
 *
 * @param folder where it stands: a folder, or a zip file
 * @param manifest what it says about itself
 * @param completion the weights of one that was completed
 */
public record Bundle(Path folder, Manifest manifest, Optional<Weights> completion) {

  static final String MANIFEST = "graft.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String CHANGES = "changes.safetensors";

  /** Name of the report. */
  public static final String REPORT = "report.html";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

  /** A bundle as it stands on disk. */
  Bundle(Path folder, Manifest manifest) {
    this(folder, manifest, Optional.empty());
  }

  /**
   * Writes a bundle; one that stands there is replaced.
   *
   * @param weights parameters and buffers under their published names
   * @param texts other files by plain name: the report, what the preprocessing needs
   */
  public static Bundle write(
      Path folder, Manifest manifest, Map<String, HostTensor> weights, Map<String, byte[]> texts)
      throws IOException {
    return write(folder, manifest, new Content(WEIGHTS, Weights.of(weights)), texts);
  }

  /**
   * Writes a bundle that needs its base; one that stands there is replaced.
   *
   * @param changes what differs from the base
   * @param texts other files by plain name: the report, what the preprocessing needs
   */
  public static Bundle writeChanges(
      Path folder, Manifest manifest, Weights changes, Map<String, byte[]> texts)
      throws IOException {
    return write(folder, manifest, new Content(CHANGES, changes), texts);
  }

  /** A file of tensors. */
  private record Content(String file, Weights tensors) {

    int version() {
      return file.equals(WEIGHTS) ? Manifest.VERSION : Manifest.VERSION_OF_CHANGES;
    }
  }

  private static Bundle write(
      Path folder, Manifest manifest, Content content, Map<String, byte[]> texts)
      throws IOException {
    for (String name : texts.keySet()) {
      if (!PLAIN.matcher(name).matches() || List.of(MANIFEST, WEIGHTS, CHANGES).contains(name)) {
        throw new IllegalArgumentException(
            "a file of a bundle cannot be named '%s'; a plain name is needed".formatted(name));
      }
    }
    Map<String, String> digests = new LinkedHashMap<>();
    AtomicFiles.deleteAll(folder);
    AtomicFiles.writeFolder(
        folder,
        temporary -> {
          content.tensors().save(temporary.resolve(content.file()));
          digests.put(content.file(), Digests.sha256(temporary.resolve(content.file())));
          for (Map.Entry<String, byte[]> text : texts.entrySet()) {
            AtomicFiles.write(temporary.resolve(text.getKey()), text.getValue());
            digests.put(text.getKey(), Digests.sha256(temporary.resolve(text.getKey())));
          }
          AtomicFiles.write(
              temporary.resolve(MANIFEST),
              Json.write(manifest.withFiles(content.version(), digests)));
        });
    return new Bundle(folder, manifest.withFiles(content.version(), digests));
  }

  /**
   * Opens a bundle, a folder or a zip of one, and checks every file against its digest. A zip is
   * read where it lies; nothing of it is unpacked to the disk.
   *
   * @throws BundleException if it is none, of a newer version, or changed since it was written
   */
  public static Bundle open(Path path) throws IOException {
    BundleFiles files = BundleFiles.of(path);
    if (!files.has(MANIFEST)) {
      throw new BundleException(
          "'%s' is no bundle: it has no %s; give the folder that fit wrote, or a zip of it"
              .formatted(path, MANIFEST),
          null);
    }
    byte[] json = files.read(MANIFEST);
    Object version = Json.readObject(json, path + " " + MANIFEST).get("formatVersion");
    if (!(version instanceof Integer number)
        || number < 1
        || number > Manifest.VERSION_OF_CHANGES) {
      throw new BundleException(
          "'%s' has format version %s, this Graft reads 1 to %d; use a newer Graft"
              .formatted(path, version, Manifest.VERSION_OF_CHANGES),
          null);
    }
    Manifest manifest;
    try {
      manifest = Json.read(json, path + " " + MANIFEST, new TypeReference<Manifest>() {});
    } catch (IOException e) {
      throw new BundleException("the manifest of '%s' is broken".formatted(path), e);
    }
    for (Map.Entry<String, String> entry : manifest.digests().entrySet()) {
      String name = entry.getKey();
      if (!PLAIN.matcher(name).matches()) {
        throw new BundleException(
            "the manifest of '%s' names the file '%s'; files of a bundle have plain names"
                .formatted(path, name),
            null);
      }
      if (!files.has(name) || !files.digest(name).equals(entry.getValue())) {
        throw new BundleException(
            "'%s' of '%s' is missing or was changed after the bundle was written; write the bundle"
                    .formatted(name, path)
                + " again",
            null);
      }
    }
    return new Bundle(path, manifest);
  }

  /** True if a folder or a zip file holds a bundle, whole or not. */
  public static boolean isAt(Path path) throws IOException {
    try {
      return BundleFiles.of(path).has(MANIFEST);
    } catch (BundleException e) {
      return false;
    }
  }

  /**
   * Writes this bundle, which stands in a folder, as one zip file; the same bundle gives the same
   * bytes. One that stands there is replaced.
   */
  public Bundle zip(Path target) throws IOException {
    List<String> names = new ArrayList<>(List.of(MANIFEST));
    names.addAll(new TreeSet<>(manifest.digests().keySet()));
    BundleFiles.zip(folder, names, target);
    return new Bundle(target, manifest);
  }

  /** True if it holds all weights, false if only what differs from its base. */
  public boolean isWhole() {
    return !manifest.digests().containsKey(CHANGES);
  }

  /** The tensors in its file: all weights, or what differs from its base. */
  public Weights stored() throws IOException {
    return BundleFiles.of(folder).weights(isWhole() ? WEIGHTS : CHANGES);
  }

  /** This bundle, which needs its base, with all weights. */
  public Bundle completed(Weights weights) {
    return new Bundle(folder, manifest, Optional.of(weights));
  }

  /**
   * Its weights.
   *
   * @throws BundleException if it needs its base and was not {@linkplain #completed completed}
   */
  public Weights weights() throws IOException {
    if (completion.isPresent()) {
      return completion.get();
    }
    if (!isWhole()) {
      throw new BundleException(
          ("'%s' holds only what differs from the base '%s' with digest %s; name that base with"
                  + " --base, or make it whole with export --to bundle")
              .formatted(folder, manifest.base().name(), manifest.base().digest()),
          null);
    }
    return stored();
  }

  /** All files but the weights, by name. */
  public Map<String, byte[]> otherFiles() throws IOException {
    Map<String, byte[]> result = new LinkedHashMap<>();
    for (String name : manifest.digests().keySet()) {
      if (!name.equals(WEIGHTS) && !name.equals(CHANGES)) {
        result.put(name, BundleFiles.of(folder).read(name));
      }
    }
    return result;
  }

  /** The files that stand beside the weights, as far as the manifest names them. */
  public SideFiles sideFiles() throws IOException {
    BundleFiles files = BundleFiles.of(folder);
    return name ->
        manifest.digests().containsKey(name) ? Optional.of(files.read(name)) : Optional.empty();
  }

  /** Its report, an HTML page. */
  public String report() throws IOException {
    return new String(BundleFiles.of(folder).read(REPORT), StandardCharsets.UTF_8);
  }
}
