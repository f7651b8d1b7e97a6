package dev.graft.text.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.spi.ModelFamily;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Angles of rotary positions, by the older names and the newer one. */
class RopeSettingsTest {

  private static Map<String, Object> read(
      ModelFamily family, String type, Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("model_type", type);
    return family.read(config).orElseThrow().settings();
  }

  private static Map<String, Object> llama(Map<String, Object> more) {
    return read(new Llama(), "llama", more);
  }

  private static void are(double theta, double factor, Map<String, Object> settings) {
    assertEquals(theta, ((Number) settings.get("rope_theta")).doubleValue());
    assertEquals(factor, ((Number) settings.get("rope_factor")).doubleValue());
  }

  private static void refused(Map<String, Object> more, String... says) {
    String message = assertThrows(IllegalArgumentException.class, () -> llama(more)).getMessage();
    for (String part : says) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void bothFormsSayTheSame() {
    are(10_000, 1, llama(Map.of()));
    are(500_000, 1, llama(Map.of("rope_theta", 500_000.0)));
    are(
        500_000,
        1,
        llama(Map.of("rope_parameters", Map.of("rope_type", "default", "rope_theta", 500_000.0))));
    are(
        1e6,
        4,
        llama(
            Map.of(
                "rope_parameters",
                Map.of("rope_type", "linear", "rope_theta", 1_000_000, "factor", 4.0))));
    are(1e4, 2, llama(Map.of("rope_scaling", Map.of("type", "linear", "factor", 2))));
    are(1e4, 1, llama(Map.of("rope_scaling", Map.of("rope_type", "default"))));
  }

  @Test
  void otherAnglesAreRefused() {
    for (String key : new String[] {"rope_parameters", "rope_scaling"}) {
      refused(Map.of(key, Map.of("rope_type", "yarn", "factor", 4.0)), key, "'yarn'", "'linear'");
      refused(Map.of(key, Map.of("factor", 4.0)), "'null'");
      refused(Map.of(key, Map.of("rope_type", "linear")), "factor 'null'");
    }
    refused(Map.of("rope_parameters", Map.of("full", Map.of("rope_type", "default"))), "[full]");
    refused(
        Map.of("rope_parameters", Map.of("rope_type", "default", "partial_rotary_factor", 0.5)),
        "0.5");
  }

  @Test
  void neoXTurnsAPartOfEachHead() {
    Map<String, Object> settings =
        read(
            new GptNeoX(),
            "gpt_neox",
            Map.of(
                "rope_parameters",
                Map.of("rope_type", "default", "rope_theta", 5e4, "partial_rotary_factor", 0.5)));
    assertEquals(5e4, settings.get("rotary_emb_base"));
    assertEquals(0.5, settings.get("rotary_pct"));
    assertEquals(
        3.0,
        read(
                new GptNeoX(),
                "gpt_neox",
                Map.of("rope_scaling", Map.of("type", "linear", "factor", 3.0)))
            .get("rope_factor"));
  }
}
