import {
  Color,
  DataTexture,
  DepthTexture,
  LessEqualCompare,
  LinearFilter,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  OrthographicCamera,
  PlaneGeometry,
  ShaderMaterial,
  UnsignedIntType,
  Vector3,
  WebGLRenderTarget,
} from 'three';
import type { Scene, Texture, WebGLRenderer } from 'three';
import type { SceneLight } from '../../shared/capture.ts';

/**
 * One small shader for everything, instead of three's physical one: soft boxes and sky are worked
 * out by formula, not looked up. Without a graphics card that is some five times as fast, and it
 * compiles in a fraction of the time. Output is tone-mapped sRGB on every target.
 */

const SHADOW_SIDE = 1024;

/** Only what casts a shadow is on layer 0; see `stage.ts` for the other layers. */
const shadowTarget = new WebGLRenderTarget(SHADOW_SIDE, SHADOW_SIDE, { depthBuffer: true });
const shadowDepth = new DepthTexture(SHADOW_SIDE, SHADOW_SIDE, UnsignedIntType);
shadowDepth.compareFunction = LessEqualCompare;
shadowDepth.minFilter = LinearFilter;
shadowDepth.magFilter = LinearFilter;
shadowTarget.depthTexture = shadowDepth;

/** Shared by all materials of the page, which therefore holds one scene. */
const light = {
  keyDirection: { value: new Vector3(0, 1, 0) },
  keyColor: { value: new Color() },
  skyColor: { value: new Color() },
  groundColor: { value: new Color() },
  level: { value: 1 },
  shadowMap: { value: shadowDepth },
  shadowMatrix: { value: new Matrix4() },
};

const VERTEX = /* glsl */ `
uniform mat4 shadowMatrix;
uniform vec4 uvPlace;
varying vec2 vSkin;
varying vec3 vFacing;
varying vec3 vPlace;
varying vec3 vShade;
void main() {
  vec4 place = modelMatrix * vec4(position, 1.0);
  vFacing = mat3(modelMatrix) * normal;
  vPlace = place.xyz;
  vSkin = uv * uvPlace.xy + uvPlace.zw;
  vShade = (shadowMatrix * vec4(place.xyz + normalize(vFacing) * 0.3, 1.0)).xyz * 0.5 + 0.5;
  gl_Position = projectionMatrix * viewMatrix * place;
}`;

const FRAGMENT = /* glsl */ `
uniform sampler2D map;
uniform vec3 tint;
uniform float roughness;
uniform float metalness;
uniform vec3 keyDirection;
uniform vec3 keyColor;
uniform vec3 skyColor;
uniform vec3 groundColor;
uniform float level;
uniform sampler2DShadow shadowMap;
#ifdef BUMPED
uniform sampler2D bumpMap;
uniform float bumpScale;
#endif
varying vec2 vSkin;
varying vec3 vFacing;
varying vec3 vPlace;
varying vec3 vShade;

float lamp(vec2 at, vec2 middle, vec2 reach, float blur) {
  vec2 share = 1.0 - smoothstep(-blur, blur, abs(at - middle) - reach);
  return share.x * share.y;
}

float lamps(vec3 away) {
  float blur = 0.03 + roughness * 1.05;
  vec2 overhead = away.xz / max(away.y, 0.06);
  float boxes = 7.5 * lamp(overhead, vec2(-0.5, -0.25), vec2(0.42, 0.2), blur)
    + 5.0 * lamp(overhead, vec2(0.72, 0.35), vec2(0.36, 0.2), blur);
  boxes *= smoothstep(0.0, 0.25, away.y);
  vec2 beside = away.yz / max(-away.x, 0.06);
  boxes += 2.6 * lamp(beside, vec2(0.5, 0.35), vec2(0.34, 0.5), blur) * smoothstep(0.0, 0.25, -away.x);
  return boxes * level * 0.72 / (1.0 + 5.0 * blur * blur);
}

float sunlit() {
  if (vShade.x < 0.0 || vShade.x > 1.0 || vShade.y < 0.0 || vShade.y > 1.0) return 1.0;
  float reach = 1.5 / ${SHADOW_SIDE.toFixed(1)};
  float depth = vShade.z - 0.0022;
  float sum = texture(shadowMap, vec3(vShade.xy, depth));
  sum += texture(shadowMap, vec3(vShade.xy + vec2(reach, reach * 0.35), depth));
  sum += texture(shadowMap, vec3(vShade.xy + vec2(-reach * 0.35, reach), depth));
  sum += texture(shadowMap, vec3(vShade.xy - vec2(reach, reach * 0.35), depth));
  sum += texture(shadowMap, vec3(vShade.xy + vec2(reach * 0.35, -reach), depth));
  return sum * 0.2;
}

// Khronos PBR Neutral: keeps the colour of goods true and only rolls the highlights off.
vec3 neutral(vec3 color) {
  float least = min(color.r, min(color.g, color.b));
  color -= least < 0.08 ? least - 6.25 * least * least : 0.04;
  float peak = max(color.r, max(color.g, color.b));
  if (peak < 0.76) return color;
  float fresh = 1.0 - 0.0576 / (peak - 0.52);
  color *= fresh / peak;
  return mix(color, vec3(fresh), 1.0 - 1.0 / (0.15 * (peak - fresh) + 1.0));
}

void main() {
  vec3 texel = texture2D(map, vSkin).rgb;
  // sRGB to linear, a cubic that is off by less than 0.002.
  vec3 base = texel * (texel * (texel * 0.305306 + 0.682171) + 0.012523) * tint;
  vec3 facing = normalize(vFacing) * (gl_FrontFacing ? 1.0 : -1.0);
#ifdef BUMPED
  vec2 dx = dFdx(vSkin);
  vec2 dy = dFdy(vSkin);
  float height = texture2D(bumpMap, vSkin).r;
  vec2 rise = vec2(
    texture2D(bumpMap, vSkin + dx).r - height,
    texture2D(bumpMap, vSkin + dy).r - height) * bumpScale;
  vec3 sideX = dFdx(vPlace);
  vec3 sideY = dFdy(vPlace);
  vec3 acrossX = cross(sideY, facing);
  vec3 acrossY = cross(facing, sideX);
  float area = dot(sideX, acrossX);
  facing = normalize(abs(area) * facing - sign(area) * (rise.x * acrossX + rise.y * acrossY));
#endif
  vec3 toEye = normalize(cameraPosition - vPlace);
  float seen = max(dot(facing, toEye), 0.001);
  float turned = dot(facing, keyDirection);
  float sun = sunlit();

  vec3 diffuse = keyColor * (max((turned + 0.14) / 1.14, 0.0) * mix(0.1, 1.0, sun));
  diffuse += mix(groundColor, skyColor, facing.y * 0.5 + 0.5) * mix(0.84, 1.0, sun);
  diffuse += skyColor * 0.14 * max(dot(facing, vec3(-0.75, 0.1, 0.65)), 0.0);

  vec3 f0 = mix(vec3(0.04), base, metalness);
  float grazing = 1.0 - seen;
  float sheen = grazing * grazing;
  sheen *= sheen * grazing;
  vec3 mirror = f0 + (max(vec3(1.0 - roughness), f0) - f0) * sheen;

  vec3 halfway = normalize(keyDirection + toEye);
  float alpha = max(roughness * roughness, 0.012);
  float edge = max(dot(facing, halfway), 0.0);
  float spread = edge * edge * (alpha * alpha - 1.0) + 1.0;
  float lit = max(turned, 0.0);
  float gloss = alpha * alpha / (3.14159 * spread * spread)
    * 0.5 / mix(2.0 * lit * seen + 0.001, lit + seen, alpha) * lit * sun;

  vec3 away = reflect(-toEye, facing);
  vec3 reflected = mix(groundColor * 0.8, skyColor * 1.15, smoothstep(-0.4, 0.6, away.y));
  // Rough ground fills most of a picture and would not show the lamps.
  if (roughness < 0.7) reflected += vec3(1.0, 0.985, 0.95) * lamps(away);

  vec3 color = base * (1.0 - metalness) * diffuse + mirror * reflected + f0 * keyColor * min(gloss, 12.0);
  color = clamp(neutral(color), 0.0, 1.0);
  gl_FragColor = vec4(
    mix(color * 12.92, 1.055 * pow(color, vec3(0.41667)) - 0.055, step(0.0031308, color)), 1.0);
}`;

let white: Texture | undefined;

function plainWhite(): Texture {
  if (white !== undefined) return white;
  white = new DataTexture(new Uint8Array([255, 255, 255, 255]), 1, 1);
  white.userData['shared'] = true;
  white.needsUpdate = true;
  return white;
}

/** What a thing is made of; `roughness` and `metalness` from 0 to 1. */
export function material(
  look: { map: Texture } | { color: number },
  roughness: number,
  extra: { bump?: Texture; bumpScale?: number; metalness?: number } = {},
): ShaderMaterial {
  const map = 'map' in look ? look.map : plainWhite();
  return new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    defines: extra.bump === undefined ? {} : { BUMPED: '' },
    uniforms: {
      ...light,
      map: { value: map },
      uvPlace: { value: [map.repeat.x, map.repeat.y, map.offset.x, map.offset.y] },
      tint: { value: new Color('color' in look ? look.color : 0xffffff) },
      roughness: { value: roughness },
      metalness: { value: extra.metalness ?? 0 },
      bumpMap: { value: extra.bump ?? null },
      bumpScale: { value: extra.bumpScale ?? 0 },
    },
  });
}

export function multiplyTint(made: ShaderMaterial, red: number, green: number, blue: number): void {
  const tint: unknown = made.uniforms['tint']?.value;
  if (tint instanceof Color) tint.setRGB(tint.r * red, tint.g * green, tint.b * blue);
}

/** An ellipse on the ground: middle and half axes in centimetres, `turn` from x towards -z. */
export interface Ellipse {
  readonly x: number;
  readonly z: number;
  readonly long: number;
  readonly short: number;
  readonly turn: number;
}

/** The soft dark that lies under anything on a table, where the sky cannot reach; `depth` 0 to 1. */
export function contactShade(under: Ellipse, depth: number): Mesh {
  const mesh = new Mesh(
    new PlaneGeometry(2 * under.long, 2 * under.short).rotateX(-Math.PI / 2),
    new ShaderMaterial({
      transparent: true,
      depthWrite: false,
      uniforms: { depth: { value: depth } },
      vertexShader: /* glsl */ `
varying vec2 vSkin;
void main() {
  vSkin = uv * 2.0 - 1.0;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`,
      fragmentShader: /* glsl */ `
uniform float depth;
varying vec2 vSkin;
void main() {
  float dark = max(1.0 - dot(vSkin, vSkin), 0.0);
  gl_FragColor = vec4(0.05, 0.035, 0.02, dark * dark * depth);
}`,
    }),
  );
  mesh.position.set(under.x, 0.06, under.z);
  mesh.rotation.y = under.turn;
  return mesh;
}

const sun = new OrthographicCamera(-58, 58, 50, -50, 10, 190);
const caster = new MeshBasicMaterial({ colorWrite: false });
const SUN_DISTANCE = 100;

export function setLight(wanted: SceneLight): void {
  const { level, warmth } = wanted;
  light.level.value = level;
  light.keyColor.value.setRGB(0.72, 0.72 * (0.965 - warmth * 0.05), 0.72 * (0.9 - warmth * 0.14));
  light.keyColor.value.multiplyScalar(level);
  light.skyColor.value.setRGB(0.45, 0.45 * (0.985 - warmth * 0.03), 0.45 * (0.95 - warmth * 0.09));
  light.skyColor.value.multiplyScalar(level);
  light.groundColor.value.setRGB(0.29, 0.25, 0.19).multiplyScalar(level);
  const turn = -0.62 + wanted.turn;
  const direction = light.keyDirection.value;
  direction.set(Math.sin(turn) * 0.6, 1, Math.cos(turn) * 0.6).normalize();
  sun.position.set(0, 8, -16).addScaledVector(direction, SUN_DISTANCE);
  sun.lookAt(0, 8, -16);
  sun.updateMatrixWorld();
  light.shadowMatrix.value.multiplyMatrices(sun.projectionMatrix, sun.matrixWorldInverse);
}

/** How far a shadow on the ground lies from a point one centimetre above it. */
export function shadowShift(): { readonly x: number; readonly z: number } {
  const { x, y, z } = light.keyDirection.value;
  return { x: -x / y, z: -z / y };
}

/** Draws the shadow map anew; `part` limits that to what lies in a ball (centimetres). */
export function castShadows(
  renderer: WebGLRenderer,
  scene: Scene,
  part?: { readonly middle: Vector3; readonly radius: number },
): void {
  sun.clearViewOffset();
  let clip = { x: 0, y: 0, size: SHADOW_SIDE };
  if (part !== undefined) {
    const middle = part.middle.clone().project(sun);
    const size = Math.ceil((part.radius / 58) * SHADOW_SIDE);
    const x = Math.floor(((middle.x + 1) / 2) * SHADOW_SIDE - size / 2);
    const y = Math.floor(((1 - middle.y) / 2) * SHADOW_SIDE - size / 2);
    clip = { x, y, size };
    sun.setViewOffset(SHADOW_SIDE, SHADOW_SIDE, x, y, size, size);
  }
  const bottom = SHADOW_SIDE - clip.y - clip.size;
  shadowTarget.viewport.set(clip.x, bottom, clip.size, clip.size);
  shadowTarget.scissor.set(clip.x, bottom, clip.size, clip.size);
  shadowTarget.scissorTest = true;
  const { background } = scene;
  scene.background = null;
  scene.overrideMaterial = caster;
  renderer.setRenderTarget(shadowTarget);
  renderer.render(scene, sun);
  renderer.setRenderTarget(null);
  scene.overrideMaterial = null;
  scene.background = background;
  sun.clearViewOffset();
}
