package dev.graft.vision.preprocessing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.Example;
import dev.graft.spi.Modality;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.SharedFolder;
import dev.graft.vision.image.FloatImage;
import dev.graft.vision.image.Geometry;
import dev.graft.vision.image.Image;
import dev.graft.vision.image.ImageEncoder;
import dev.graft.vision.image.Interpolation;
import dev.graft.vision.image.TestImages;
import dev.graft.vision.preprocessing.ImagePreprocessing.Exact;
import dev.graft.vision.preprocessing.ImagePreprocessing.ShortestEdge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePreprocessingTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String IMAGENET =
      """
      {"size": {"shortest_edge": 32}, "crop_size": {"height": 28, "width": 28}, "resample": 3,
       "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}\
      """;

  private static Map<String, Object> json(String text) throws IOException {
    return JSON.readValue(text, new TypeReference<>() {});
  }

  private static ImagePreprocessing read(String text) throws IOException {
    return ImagePreprocessing.read(json(text)).preprocessing();
  }

  private static void assertRefused(String text, String... words) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> read(text));
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        IMAGENET,
        "{\"size\": 24, \"do_rescale\": false, \"channel_order\": \"BGR\"}",
        "{\"size\": {\"height\": 10, \"width\": 20}, \"image_mean\": [0.5], \"image_std\": [0.25]}",
        "{\"do_resize\": false, \"crop_size\": 8, \"resample\": \"lanczos\"}",
      })
  void settingsGoThroughJsonUnchanged(String text) throws IOException {
    ImagePreprocessing preprocessing = read(text);
    String written = JSON.writeValueAsString(preprocessing.settings());
    assertEquals(preprocessing, read(written));
    assertEquals(written, JSON.writeValueAsString(read(written).settings()));
  }

  @Test
  void keysHaveTheirPublishedMeaning() throws IOException {
    ImagePreprocessing preprocessing = read(IMAGENET);
    assertEquals(Optional.of(new ShortestEdge(32)), preprocessing.resize());
    assertEquals(Optional.of(new Exact(28, 28)), preprocessing.crop());
    assertEquals(Interpolation.BICUBIC, preprocessing.interpolation());
    assertEquals(1 / 255.0, preprocessing.rescale());
    assertEquals(List.of(0.229, 0.224, 0.225), preprocessing.std());
  }

  @Test
  void oneNumberIsASquareOrTheShorterSideOfACrop() throws IOException {
    assertEquals(Optional.of(new Exact(24, 24)), read("{\"size\": 24}").resize());
    ImagePreprocessing crops = read("{\"size\": 24, \"do_center_crop\": true, \"crop_size\": 20}");
    assertEquals(Optional.of(new ShortestEdge(24)), crops.resize());
    assertEquals(new Exact(20, 20), crops.size());
  }

  @Test
  void aCropShareResizesLargerAndCrops() throws IOException {
    ImagePreprocessing small = read("{\"size\": {\"shortest_edge\": 224}, \"crop_pct\": 0.875}");
    assertEquals(Optional.of(new ShortestEdge(256)), small.resize());
    assertEquals(new Exact(224, 224), small.size());
    ImagePreprocessing large = read("{\"size\": {\"shortest_edge\": 384}, \"crop_pct\": 0.875}");
    assertEquals(Optional.of(new Exact(384, 384)), large.resize());
    assertEquals(Optional.empty(), large.crop());
  }

  @Test
  void stepsThatAreSwitchedOffAreNotDone() throws IOException {
    ImagePreprocessing preprocessing =
        read(
            """
            {"do_resize": false, "size": 9, "do_center_crop": true, "crop_size": 4,
             "do_rescale": false, "rescale_factor": 0.5,
             "do_normalize": false, "image_mean": [1, 2, 3], "image_std": [4, 5, 6]}\
            """);
    assertEquals(Optional.empty(), preprocessing.resize());
    assertArrayEquals(new float[] {1, 1, 1}, preprocessing.scale());
    assertArrayEquals(new float[3], preprocessing.shift());
  }

  @Test
  void otherKeysAreListed() throws IOException {
    Map<String, Object> settings = json("{\"size\": 8, \"image_processor_type\": \"X\", \"y\": 1}");
    assertEquals(List.of("image_processor_type", "y"), ImagePreprocessing.read(settings).ignored());
  }

  @Test
  void wrongValuesAreRefusedWithKeyValueAndWhatIsExpected() {
    assertRefused("{\"size\": \"big\"}", "'size'", "is big", "shortest_edge");
    assertRefused("{\"size\": {\"height\": 3}}", "'size'", "height=3");
    assertRefused("{\"size\": 0}", "size 0");
    assertRefused("{\"size\": 8, \"do_resize\": 1}", "'do_resize'", "true or false");
    assertRefused("{\"size\": 8, \"resample\": \"smooth\"}", "'smooth'", "bicubic");
    assertRefused("{\"size\": 8, \"resample\": 2.5}", "'resample'", "2.5");
    assertRefused("{\"size\": 8, \"image_mean\": [0.5]}", "'image_std'", "is missing");
    assertRefused("{\"size\": 8, \"image_mean\": [\"a\"], \"image_std\": [1]}", "'image_mean'");
    assertRefused("{\"size\": 8, \"image_mean\": [1, 2], \"image_std\": [1, 2]}", "2 means");
    assertRefused("{\"size\": 8, \"image_mean\": [1], \"image_std\": [0]}", "none may be 0");
    assertRefused("{\"size\": 8, \"channel_order\": \"GBR\"}", "GBR", "'BGR'");
    assertRefused("{\"size\": 8, \"rescale_factor\": true}", "'rescale_factor'");
    assertRefused("{\"size\": {\"shortest_edge\": 8}}", "different sizes");
    assertRefused("{\"size\": {\"shortest_edge\": 8}, \"crop_pct\": 0}", "'crop_pct'");
    assertRefused("{\"do_center_crop\": true}", "'size' is missing");
    assertRefused("{\"sampling_rate\": 16000}", "sampling_rate", "image_mean");
  }

  @Test
  void anotherInputSizeKeepsTheShareOfTheCrop() throws IOException {
    ImagePreprocessing half = read(IMAGENET).withSize(14);
    assertEquals(Optional.of(new ShortestEdge(16)), half.resize());
    assertEquals(new Exact(14, 14), half.size());
    for (String settings :
        List.of("{\"size\": 224, \"input_size\": 160}", "{\"input_size\": 160}")) {
      ImagePreprocessing cut = read(settings);
      assertEquals(Optional.of(new ShortestEdge(160)), cut.resize(), "nothing is squeezed");
      assertEquals(new Exact(160, 160), cut.size());
    }
    assertRefused("{\"size\": 224, \"input_size\": \"160\"}", "'input_size'", "160");
  }

  @Test
  void bytesAreResizedCroppedAndOrdered() throws IOException {
    Image image = TestImages.noisy(97, 61, 3, 1);
    assertEquals("28 x 28 RGB", read(IMAGENET).apply(image).toString());
    assertEquals("28 x 28 RGB", read(IMAGENET).apply(image.toGray()).toString());
    Image rgb = read("{\"size\": 8}").apply(image);
    Image bgr = read("{\"size\": 8, \"channel_order\": \"BGR\"}").apply(image);
    assertEquals(rgb.at(3, 4, 0), bgr.at(3, 4, 2));
    assertEquals(rgb.at(3, 4, 1), bgr.at(3, 4, 1));
    String gray = "{\"size\": 8, \"image_mean\": [0.5], \"image_std\": [0.5]}";
    assertEquals("8 x 8 grey", read(gray).apply(image).toString());
  }

  @Test
  void scaleAndShiftAreTheThreeStepsInOne() throws IOException {
    ImagePreprocessing preprocessing = read(IMAGENET);
    Image image = preprocessing.apply(TestImages.noisy(40, 50, 3, 1));
    FloatImage stepByStep =
        FloatImage.of(image)
            .normalize(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});
    assertArrayEquals(stepByStep.values(), preprocessing.normalize(image).values(), 1e-6f);
  }

  @Test
  void aNativeBatchEqualsTheReference() throws IOException {
    ImagePreprocessing preprocessing = read(IMAGENET);
    List<Example> examples = new ArrayList<>();
    List<FloatImage> reference = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Image image = TestImages.noisy(40 + i, 50, i == 1 ? 1 : 3, i);
      examples.add(
          preprocessing.evalTransform().apply(ImageModality.example("example " + i, image)));
      reference.add(preprocessing.normalize(preprocessing.apply(image)));
    }
    try (Scope scope = Scope.open()) {
      Tensor pixels = preprocessing.collate(examples).get("pixels");
      assertArrayEquals(new long[] {3, 3, 28, 28}, pixels.shape());
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(reference.get(i).values(), pixels.select(0, i).toFloats(), 1e-6f);
      }
    }
  }

  @Test
  void aBatchOfSeveralSizesIsRefusedWithBothNames() throws IOException {
    ImagePreprocessing preprocessing = read(IMAGENET);
    List<Example> examples =
        List.of(
            ImageModality.example("small", Image.filled(4, 4, 1, 2, 3)),
            ImageModality.example("wide", Image.filled(5, 4, 1, 2, 3)));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> preprocessing.collate(examples));
    assertTrue(e.getMessage().contains("'small' and 'wide'"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> preprocessing.collate(List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> preprocessing.collate(List.of(ImageModality.example("grey", Image.filled(4, 4, 1)))));
  }

  @Test
  void everyStepChangesTheImageAndRepeatsWithItsSeed() throws IOException {
    ImagePreprocessing preprocessing = read("{\"size\": 24}");
    Example example = ImageModality.example("a", TestImages.noisy(31, 37, 3, 1));
    Example plain = preprocessing.evalTransform().apply(example);
    assertEquals(plain, preprocessing.trainTransform("none").apply(example, null));
    for (String step : preprocessing.augmentations()) {
      int changed = 0;
      for (int seed = 0; seed < 20; seed++) {
        Example first = augmented(preprocessing, step, example, seed);
        assertEquals(first, augmented(preprocessing, step, example, seed), step);
        assertArrayEquals(new long[] {24, 24, 3}, first.get("image").shape(), step);
        changed += first.equals(plain) ? 0 : 1;
      }
      assertTrue(changed >= 3, step + " changed " + changed + " of 20");
    }
  }

  private static Example augmented(
      ImagePreprocessing preprocessing, String steps, Example example, long seed) {
    return preprocessing.trainTransform(steps).apply(example, new SplittableRandom(seed));
  }

  @Test
  void stepsAreJoinedInAnyOrder() throws IOException {
    ImagePreprocessing preprocessing = read("{\"size\": 24, \"channel_order\": \"BGR\"}");
    Example example = ImageModality.example("a", TestImages.noisy(31, 37, 1, 1));
    assertEquals(
        augmented(preprocessing, "erase-flip-crop", example, 3),
        augmented(preprocessing, "crop-flip-erase", example, 3));
    assertNotEquals(
        augmented(preprocessing, "flip-crop", example, 3),
        augmented(preprocessing, "crop-jitter", example, 3));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> preprocessing.trainTransform("crop-twirl"));
    assertTrue(e.getMessage().contains("trivial"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> preprocessing.trainTransform("none-crop"));
  }

  @Test
  void theUsualStepsSuitSizeAndColour() throws IOException {
    String grey = ", \"image_mean\": [0.5], \"image_std\": [0.25]}";
    Map<String, String> usual =
        Map.of(
            "{\"size\": 128}",
            "crop-flip",
            "{\"size\": 32}",
            "shift-flip",
            "{\"size\": 128" + grey,
            "crop",
            "{\"size\": 28" + grey,
            "shift");
    for (var entry : usual.entrySet()) {
      ImagePreprocessing preprocessing = read(entry.getKey());
      assertEquals(entry.getValue(), preprocessing.usualAugmentation());
      assertNotNull(preprocessing.trainTransform(preprocessing.usualAugmentation()));
    }
  }

  @Test
  void theModalityIsRegisteredAndReadsBackWhatItWrote() throws IOException {
    Modality modality =
        ServiceLoader.load(Modality.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(m -> m.about().id().equals("image"))
            .findFirst()
            .orElseThrow();
    Map<String, Object> settings = new LinkedHashMap<>(json(IMAGENET));
    settings.put("feature_extractor_type", "ViTFeatureExtractor");
    assertEquals(
        modality.preprocessing(settings),
        modality.preprocessing(modality.preprocessing(settings).settings()));
    Image image = TestImages.noisy(6, 5, 3, 1);
    Example example = modality.decode("x", ImageEncoder.png(image));
    assertEquals(image, Image.of(example.get("image")));
    String html = modality.html(example).orElseThrow();
    assertTrue(html.startsWith("<img width=\"6\" height=\"5\""), html);
    assertFalse(html.contains("http"), html);
    Example large = ImageModality.example("y", TestImages.noisy(512, 300, 3, 1));
    String small = modality.html(large).orElseThrow();
    assertTrue(small.startsWith("<img width=\"128\" height=\"75\""), small.substring(0, 60));
    byte[] jpeg = Base64.getDecoder().decode(small.replaceAll(".*base64,|\">$", ""));
    assertEquals(128, Image.of(modality.decode("z", jpeg).get("image")).width());
  }

  @Test
  void theSharedModelsFilesAreRead() throws IOException {
    Path models = SharedFolder.require("models");
    List<Path> files;
    try (Stream<Path> found = Files.walk(models, 2)) {
      files = found.filter(f -> f.endsWith("preprocessor_config.json")).sorted().toList();
    }
    Image image = Geometry.transpose(TestImages.noisy(50, 40, 3, 1));
    int read = 0;
    for (Path file : files) {
      String text = Files.readString(file);
      if (text.contains("sampling_rate")) {
        assertRefused(text, "sampling_rate");
        continue;
      }
      ImagePreprocessing.Parsed parsed = ImagePreprocessing.read(json(text));
      assertEquals(List.of(), parsed.ignored(), file.toString());
      Exact size = parsed.preprocessing().size();
      assertEquals(size.width(), parsed.preprocessing().apply(image).width());
      read++;
    }
    assertTrue(read > 0, "no image model among " + files);
  }
}
