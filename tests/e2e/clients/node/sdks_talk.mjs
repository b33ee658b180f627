// SPDX-License-Identifier: Apache-2.0
// The makers' clients for Node: whole and streamed, as the programs in Python do (see held.py for what is printed).
//
// Node 24 heeds HTTPS_PROXY by itself (NODE_USE_ENV_PROXY=1); for earlier ones undici's dispatcher does it.

import { EnvHttpProxyAgent, setGlobalDispatcher } from "undici";
import Anthropic from "@anthropic-ai/sdk";
import { CohereClientV2 } from "cohere-ai";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import OpenAI from "openai";

setGlobalDispatcher(new EnvHttpProxyAgent());

const KEY = "test-key-0123456789abcdef";
const prompt = (name) => `Which ferry ports lie on the North Sea? Asked by ${name}`;
const asked = (name) => [{ role: "user", content: prompt(name) }];
const say = (name, held) => console.log(JSON.stringify({ prompt: prompt(name), tools: [], ...held }));

async function joined(stream, piece) {
  let text = "";
  for await (const one of stream) text += piece(one) ?? "";
  return text;
}

async function openai(name, model = "gpt-4o-mini") {
  const client = new OpenAI({ apiKey: KEY });
  const whole = await client.chat.completions.create({ model, messages: asked(`${name} text`) });
  say(`${name} text`, {
    requested: model,
    stream: false,
    id: whole.id,
    model: whole.model,
    text: whole.choices[0].message.content,
    finish: [whole.choices[0].finish_reason],
    input_tokens: whole.usage.prompt_tokens,
    output_tokens: whole.usage.completion_tokens,
  });
  const stream = await client.chat.completions.create({ model, messages: asked(`${name} stream`), stream: true });
  const text = await joined(stream, (chunk) => chunk.choices[0]?.delta.content);
  say(`${name} stream`, { requested: model, stream: true, text });
}

async function anthropic(name, model = "claude-3-5-sonnet-20241022") {
  const client = new Anthropic({ apiKey: KEY });
  const whole = await client.messages.create({ model, max_tokens: 100, messages: asked(`${name} text`) });
  say(`${name} text`, {
    requested: model,
    stream: false,
    id: whole.id,
    model: whole.model,
    text: whole.content.map((block) => block.text).join(""),
    finish: [whole.stop_reason],
    input_tokens: whole.usage.input_tokens,
    output_tokens: whole.usage.output_tokens,
  });
  const stream = client.messages.stream({ model, max_tokens: 100, messages: asked(`${name} stream`) });
  say(`${name} stream`, { requested: model, stream: true, text: await stream.finalText() });
}

async function google(name, model = "gemini-2.5-flash") {
  const { models } = new GoogleGenAI({ apiKey: KEY });
  const operation = "generate_content";
  const whole = await models.generateContent({ model, contents: prompt(`${name} text`) });
  say(`${name} text`, {
    operation,
    requested: model,
    stream: false,
    text: whole.text,
    input_tokens: whole.usageMetadata.promptTokenCount,
    output_tokens: whole.usageMetadata.candidatesTokenCount,
  });
  const stream = await models.generateContentStream({ model, contents: prompt(`${name} stream`) });
  say(`${name} stream`, { operation, requested: model, stream: true, text: await joined(stream, (chunk) => chunk.text) });
}

async function mistral(name, model = "mistral-small-latest") {
  const { chat } = new Mistral({ apiKey: KEY });
  const whole = await chat.complete({ model, messages: asked(`${name} text`) });
  say(`${name} text`, {
    requested: model,
    stream: false,
    id: whole.id,
    model: whole.model,
    text: whole.choices[0].message.content,
    input_tokens: whole.usage.promptTokens,
    output_tokens: whole.usage.completionTokens,
  });
  const stream = await chat.stream({ model, messages: asked(`${name} stream`) });
  const text = await joined(stream, (event) => event.data.choices[0]?.delta.content);
  say(`${name} stream`, { requested: model, stream: true, text });
}

async function cohere(name, model = "command-r-plus") {
  const client = new CohereClientV2({ token: KEY });
  const whole = await client.chat({ model, messages: asked(`${name} text`) });
  say(`${name} text`, {
    requested: model,
    stream: false,
    id: whole.id,
    text: whole.message.content.map((block) => block.text).join(""),
    input_tokens: whole.usage.tokens.inputTokens,
    output_tokens: whole.usage.tokens.outputTokens,
  });
  const stream = await client.chatStream({ model, messages: asked(`${name} stream`) });
  const text = await joined(stream, (event) => event.delta?.message?.content?.text);
  say(`${name} stream`, { requested: model, stream: true, text });
}

for (const [provider, talk] of Object.entries({ openai, anthropic, google, mistral, cohere })) {
  await talk(`sdks ${provider}`);
}
